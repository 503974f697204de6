import type pg from 'pg';
import { z } from 'zod';
import {
  CreationRow,
  type Answer,
  type Condition,
  type Creation,
  type LedgerOutcomes,
} from '../../contracts/creation.ts';
import { callLedger } from './ledger.ts';
import { readValue } from './read-value.ts';

/** What a step at a provider reads of a creation before it acts. */
export const ProviderCreation = CreationRow.pick({
  ...{ key: true, requestId: true, number: true, state: true, region: true, call: true, clusterId: true },
  ...{ hourlyMicros: true, claims: true, answered: true, claimMs: true, sendUntilMs: true },
  ...{ lateClusterWindowMs: true, deleteReserveMs: true, openedAtMs: true, leasedAtMs: true, leaseUntilMs: true },
  ...{ endedAtMs: true, condition: true },
}).extend({
  /** Whether a cancel of its request is in force. */
  cancelled: z.boolean(),
  /** The ledger's time of the read, ms since the epoch. */
  nowMs: z.number().int(),
});
export type ProviderCreation = z.infer<typeof ProviderCreation>;

/** What a provider's worker may do in the ledger: read its own provider's rows, claim the right to send, and report. */
export interface ProviderLedger {
  /** Undefined for an unknown key, and for one of another provider. */
  read(key: string): Promise<ProviderCreation | undefined>;
  claimSend(key: string, attempt: string, claims: number): Promise<Answer<LedgerOutcomes['claimSend']>>;
  /** @param answered whether the provider answered definitely what it did with this attempt's send */
  releaseSend(key: string, attempt: string, answered: boolean, cluster: ObservedCluster | null): Promise<void>;
  /** Records a cluster that was found under the key without a send. */
  adopt(key: string, cluster: ObservedCluster): Promise<void>;
  /** Records a cluster. Every delete comes after it. */
  recordObserved(key: string, cluster: ObservedCluster): Promise<void>;
  /** Records what the provider bills for the cluster, micro-dollars an hour: its cost is settled by it. */
  recordPrice(key: string, hourlyMicros: number): Promise<void>;
  /** Records that all clusters under the key but its own are gone. */
  recordDuplicatesGone(key: string): Promise<void>;
  /**
   * Records what a look at a leased cluster confirmed, with the provider's own words.
   * @returns the state of the creation; nothing was recorded unless it is leased
   */
  recordCondition(key: string, condition: Condition, text: string): Promise<Creation['state']>;
}

/** A cluster that was seen at the provider. */
export interface ObservedCluster {
  readonly clusterId: string;
  /** By the provider, ms since the epoch; null where it does not say. */
  readonly createdAtMs: number | null;
}

/** @param db a pool that is connected as a member of `muster_provider_<name>` */
export function createProviderLedger(db: pg.Pool): ProviderLedger {
  const release = (
    key: string,
    attempt: string | null,
    answered: boolean,
    cluster: ObservedCluster | null,
  ): Promise<unknown> =>
    callLedger(db, 'release_send', [key, attempt, answered, cluster?.clusterId ?? null, cluster?.createdAtMs ?? null]);
  return {
    read: async (key) =>
      (await readValue(db, ProviderCreation.nullable(), 'provider_creation($1)', [key])) ?? undefined,
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
