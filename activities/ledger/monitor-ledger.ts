import type pg from 'pg';
import { z } from 'zod';
import { CONDITIONS, Creation, CREATION_STATES } from '../../contracts/creation.ts';
import { readValue } from './read-value.ts';

const timeMs = z.number().int();

/** What a monitor reads of a creation: slim, since a region may have ten thousand. Times in ms since the epoch. */
export const MonitoredCreation = z.object({
  key: z.string(),
  requestId: z.string(),
  number: z.number().int(),
  state: z.enum(CREATION_STATES),
  clusterId: z.string().nullable(),
  /** Workflow id of who is responsible for it. */
  owner: z.string(),
  /** Moves each time a request takes the open creation up again. */
  epoch: z.number().int(),
  /** What the leased cluster was last confirmed to be; null until it is leased. */
  condition: z.enum(CONDITIONS).nullable(),
  /** Whether it ever was leased. */
  leased: z.boolean(),
  /** Claims to send its create, so far. */
  claims: z.number().int(),
  sendUntilMs: timeMs.nullable(),
  openedAtMs: timeMs,
  closingAtMs: timeMs.nullable(),
  endedAtMs: timeMs.nullable(),
});
export type MonitoredCreation = z.infer<typeof MonitoredCreation>;

const Rows = z.object({ nowMs: timeMs, rows: z.array(MonitoredCreation) });

const Counts = z.object({ active: z.number().int(), open: z.number().int() });
export type Counts = z.infer<typeof Counts>;

/** The ledger as a monitor may read it: its own provider's creations. Fails where the role is another provider's. */
export interface MonitorLedger {
  /** Creations of a region that are open, leased or closing, at one moment of the ledger's clock. */
  rows(region: string): Promise<{ readonly nowMs: number; readonly rows: readonly MonitoredCreation[] }>;
  /** How many of them there are, and how many of those are open. */
  counts(region: string): Promise<Counts>;
  /** Those of the keys that are creations of this provider, in any state and region. */
  known(keys: readonly string[]): Promise<readonly MonitoredCreation[]>;
  /** Null for a key that the ledger does not know, or that belongs to another provider. */
  creation(key: string): Promise<Creation | null>;
  /** Every region in which the provider ever had a creation. */
  regions(): Promise<readonly string[]>;
  /** The six characters in this ledger's keys. */
  installationId(): Promise<string>;
}

/** @param db a pool connected as a member of `muster_provider_<name>`, or of `muster_ledger` */
export function createMonitorLedger(db: pg.Pool, provider: string): MonitorLedger {
  return {
    rows: (region) => readValue(db, Rows, 'monitored_rows($1, $2)', [provider, region]),
    counts: (region) => readValue(db, Counts, 'monitored_counts($1, $2)', [provider, region]),
    known: (keys) => readValue(db, z.array(MonitoredCreation), 'monitored_known($1, $2)', [provider, keys]),
    creation: (key) => readValue(db, Creation.nullable(), 'monitored_creation($1, $2)', [provider, key]),
    regions: () => readValue(db, z.array(z.string()), 'monitored_regions($1)', [provider]),
    installationId: () => readValue(db, z.string(), 'installation_id()', []),
  };
}
