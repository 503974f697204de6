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
import { callLedger } from './ledger.ts';

/** What a provider's worker reads of a creation before it acts. Times in ms since the epoch, by the ledger's clock. */
export const ProviderCreation = z.object({
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
  lateClusterWindowMs: z.number(),
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
export type ProviderCreation = z.infer<typeof ProviderCreation>;

/** The ledger as a provider's worker may use it: its own provider's rows, and the right to send. */
export interface ProviderLedger {
  /** Undefined for a key that the ledger does not know, or that belongs to another provider. */
  read(key: string): Promise<ProviderCreation | undefined>;
  claimSend(key: string, attempt: string, claims: number): Promise<Answer<LedgerOutcomes['claimSend']>>;
  /** @param answered whether the provider said definitely what it did with this attempt's send */
  releaseSend(key: string, attempt: string, answered: boolean, cluster: ObservedCluster | null): Promise<void>;
  /** Records the cluster that was found under the key, without having sent. */
  adopt(key: string, cluster: ObservedCluster): Promise<void>;
  /** Before any delete. */
  recordObserved(key: string, cluster: ObservedCluster): Promise<void>;
  /** What the provider bills for the cluster, micro-dollars an hour: its cost is settled by it. */
  recordPrice(key: string, hourlyMicros: number): Promise<void>;
  /** Every cluster under the key but its own was seen gone. */
  recordDuplicatesGone(key: string): Promise<void>;
  /**
   * What a look at a leased cluster confirmed, in the provider's own words. The state that the creation is in: where that
   * is not leased, nothing was recorded.
   */
  recordCondition(key: string, condition: Condition, text: string): Promise<Creation['state']>;
}

/** A cluster seen at the provider. */
export interface ObservedCluster {
  readonly clusterId: string;
  /** The provider's own time of birth, ms since the epoch; null where it tells none. */
  readonly createdAtMs: number | null;
}

const READ = `select key, request_id as request, number, state, region, call, cluster_id as "clusterId", claims, answered,
  claim_ms as "claimMs", send_until_ms as "sendUntilMs", late_cluster_window_ms as "lateClusterWindowMs", hourly_micros as "hourlyMicros",
  opened_at_ms as "openedAtMs", leased_at_ms as "leasedAtMs", lease_until_ms as "leaseUntilMs", ended_at_ms as "endedAtMs",
  delete_reserve_ms as "deleteReserveMs", condition, cancelled, now_ms as "nowMs" from muster.provider_creation where key = $1`;

/** On a pool connected as a member of `muster_provider_<name>`. */
export function createProviderLedger(db: pg.Pool): ProviderLedger {
  const release = (
    key: string,
    attempt: string | null,
    answered: boolean,
    cluster: ObservedCluster | null,
  ): Promise<unknown> =>
    callLedger(db, 'release_send', [key, attempt, answered, cluster?.clusterId ?? null, cluster?.createdAtMs ?? null]);
  return {
    read: async (key) => {
      const { rows } = await db.query(READ, [key]);
      return rows[0] === undefined ? undefined : ProviderCreation.parse(rows[0]);
    },
    claimSend: (key, attempt, claims) => callLedger<'claimSend'>(db, 'claim_send', [key, attempt, claims]),
    releaseSend: async (key, attempt, answered, cluster) => {
      await release(key, attempt, answered, cluster);
    },
    adopt: async (key, cluster) => {
      await release(key, null, false, cluster);
    },
    recordObserved: async (key, cluster) => {
      await callLedger(db, 'record_observed', [key, cluster.clusterId, cluster.createdAtMs]);
    },
    recordPrice: async (key, hourlyMicros) => {
      await callLedger(db, 'record_price', [key, hourlyMicros]);
    },
    recordDuplicatesGone: async (key) => {
      await callLedger(db, 'record_duplicates_gone', [key]);
    },
    recordCondition: async (key, condition, text) => {
      const { creation } = await callLedger(db, 'record_condition', [key, condition, text]);
      if (creation === null) throw new RangeError(`no creation has the key ${key}`);
      return creation.state;
    },
  };
}
