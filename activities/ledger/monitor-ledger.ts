import type pg from 'pg';
import { z } from 'zod';
import { Creation, CreationRow } from '../../contracts/creation.ts';
import { readValue } from './read-value.ts';

/** What a monitor reads of a creation: few fields, since a region may have ten thousand creations. */
export const MonitoredCreation = CreationRow.pick({
  ...{ key: true, requestId: true, number: true, state: true, clusterId: true, owner: true, epoch: true },
  ...{ condition: true, claims: true, sendUntilMs: true, openedAtMs: true, leasedAtMs: true },
  ...{ closingAtMs: true, endedAtMs: true },
});
export type MonitoredCreation = z.infer<typeof MonitoredCreation>;

const Rows = z.object({ nowMs: z.number().int(), rows: z.array(MonitoredCreation) });

const Counts = z.object({ active: z.number().int(), open: z.number().int() });
export type Counts = z.infer<typeof Counts>;

/** What a monitor may read in the ledger: its own provider's creations. Fails when the role is another provider's. */
export interface MonitorLedger {
  /** Creations of a region that are open, leased or closing, at one moment of the ledger's clock. */
  rows(region: string): Promise<{ readonly nowMs: number; readonly rows: readonly MonitoredCreation[] }>;
  /** How many creations `rows` has, and how many of them are open. */
  counts(region: string): Promise<Counts>;
  /** Creations of the provider with these keys, in any state and region. */
  known(keys: readonly string[]): Promise<readonly MonitoredCreation[]>;
  /** Null for an unknown key, and for one of another provider. */
  creation(key: string): Promise<Creation | null>;
  /** Every region in which the provider ever had a creation. */
  regions(): Promise<readonly string[]>;
  /** The six letters in this ledger's keys. */
  installationId(): Promise<string>;
}

/** @param db a pool that is connected as a member of `muster_provider_<name>`, or of `muster_ledger` */
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
