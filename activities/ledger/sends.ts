import type pg from 'pg';
import { z } from 'zod';
import {
  CONDITIONS,
  CREATION_STATES,
  type Answer,
  type Condition,
  type Creation,
  type LedgerOutcomes,
} from '../../contracts/creation.ts';
import { ask } from './ledger.ts';

/** What a provider's worker reads of a creation before it acts. Times in ms since the epoch, by the ledger's clock. */
export const OwnCreation = z.object({
  key: z.string(),
  request: z.string(),
  number: z.number(),
  state: z.enum(CREATION_STATES),
  region: z.string(),
  /** The stored call, every byte of it. */
  call: z.json(),
  clusterId: z.string().nullable(),
  claims: z.number(),
  /** Sends that were answered definitely. */
  answered: z.number(),
  /** How long a claim lasts. */
  claimMs: z.number(),
  sendUntilMs: z.number().nullable(),
  lateBirthWindowMs: z.number(),
  /** The worst time that its deletion takes. */
  deleteReserveMs: z.number(),
  hourlyMicros: z.number(),
  openedAtMs: z.number(),
  leasedAtMs: z.number().nullable(),
  /** Until when the lease is funded. */
  leaseUntilMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
  /** What the leased cluster was last confirmed to be. */
  condition: z.enum(CONDITIONS).nullable(),
  cancelled: z.boolean(),
  nowMs: z.number(),
});
export type OwnCreation = z.infer<typeof OwnCreation>;

/** The ledger as a provider's worker may use it: its own provider's rows, and the right to send. */
export interface Sends {
  /** Undefined for a key that the ledger does not know, or that belongs to another provider. */
  read(key: string): Promise<OwnCreation | undefined>;
  claimSend(key: string, attempt: string, claims: number): Promise<Answer<LedgerOutcomes['claimSend']>>;
  /** @param answered whether the provider said definitely what it did with this attempt's send */
  releaseSend(key: string, attempt: string, answered: boolean, cluster: Sighting | null): Promise<void>;
  /** Records the cluster that was found under the key, without having sent. */
  adopt(key: string, cluster: Sighting): Promise<void>;
  /** Before any delete. */
  sighted(key: string, cluster: Sighting): Promise<void>;
  /** What the provider bills for the cluster, micro-dollars an hour: its cost is settled by it. */
  billed(key: string, hourlyMicros: number): Promise<void>;
  /** Every cluster under the key but its own was seen gone. */
  othersGone(key: string): Promise<void>;
  /**
   * What a look at a leased cluster confirmed, in the provider's own words. The state that the creation is in: where that
   * is not leased, nothing was recorded.
   */
  noted(key: string, condition: Condition, text: string): Promise<Creation['state']>;
}

/** A cluster seen at the provider. */
export interface Sighting {
  readonly clusterId: string;
  /** The provider's own time of birth, ms since the epoch; null where it tells none. */
  readonly bornAtMs: number | null;
}

const READ = `select key, request, number, state, region, call, cluster_id as "clusterId", claims, answered,
  claim_ms as "claimMs", send_until_ms as "sendUntilMs", late_birth_window_ms as "lateBirthWindowMs", hourly_micros as "hourlyMicros",
  opened_at_ms as "openedAtMs", leased_at_ms as "leasedAtMs", lease_until_ms as "leaseUntilMs", ended_at_ms as "endedAtMs",
  delete_reserve_ms as "deleteReserveMs", condition, cancelled, now_ms as "nowMs" from muster.own_creation where key = $1`;

/** On a pool connected as a member of `muster_provider_<name>`. */
export function createSends(db: pg.Pool): Sends {
  const release = (
    key: string,
    attempt: string | null,
    answered: boolean,
    cluster: Sighting | null,
  ): Promise<unknown> =>
    ask(db, 'release_send', [key, attempt, answered, cluster?.clusterId ?? null, cluster?.bornAtMs ?? null]);
  return {
    read: async (key) => {
      const { rows } = await db.query(READ, [key]);
      return rows[0] === undefined ? undefined : OwnCreation.parse(rows[0]);
    },
    claimSend: (key, attempt, claims) => ask<'claimSend'>(db, 'claim_send', [key, attempt, claims]),
    releaseSend: async (key, attempt, answered, cluster) => {
      await release(key, attempt, answered, cluster);
    },
    adopt: async (key, cluster) => {
      await release(key, null, false, cluster);
    },
    sighted: async (key, cluster) => {
      await ask(db, 'sighted', [key, cluster.clusterId, cluster.bornAtMs]);
    },
    billed: async (key, hourlyMicros) => {
      await ask(db, 'billed', [key, hourlyMicros]);
    },
    othersGone: async (key) => {
      await ask(db, 'others_gone', [key]);
    },
    noted: async (key, condition, text) => {
      const { creation } = await ask(db, 'noted', [key, condition, text]);
      if (creation === null) throw new RangeError(`no creation has the key ${key}`);
      return creation.state;
    },
  };
}
