import { randomBytes } from 'node:crypto';
import { connectLedger } from '../../activities/ledger/connection.ts';
import { createLedger } from '../../activities/ledger/ledger.ts';
import { createProviderLedger } from '../../activities/ledger/provider-ledger.ts';
import type { Creation } from '../../contracts/creation.ts';
import { leaseWorkflowId, requestWorkflowId } from '../../contracts/ids.ts';
import type { PlannedPlacement } from '../../contracts/plan.ts';
import { aPlannedPlacement } from '../builders/planned-placement.ts';
import { freezeClock } from '../setup/clock.ts';
import { createTestLedger } from '../setup/ledger.ts';

export const PLACEMENT = aPlannedPlacement();
export const HOLD = PLACEMENT.holdMicros;

export const PROVIDER_REFUSED = { type: 'ProviderRejected', message: 'no' } as const;

export interface OpeningOptions {
  readonly requestId?: string;
  readonly team?: string;
  readonly bodyHash?: string;
  readonly version?: number;
  readonly placement?: Partial<PlannedPlacement>;
}

/** The columns of a creation's row that tests read past the answers. */
export interface Row {
  readonly state: string;
  readonly owner: string;
  readonly epoch: number;
  readonly call: unknown;
  readonly cluster_id: string | null;
  readonly claims: number;
  readonly answered: number;
  readonly attempt: string | null;
  readonly claimed: boolean;
  readonly send_until_ms: number | null;
  readonly placement_index: number;
  readonly period: string;
}

export const fresh = (what: string): string => `${what}-${randomBytes(5).toString('hex')}`;

export type Kit = Awaited<ReturnType<typeof openKit>>;

/** A ledger with a stopped clock in its own database, and short ways to bring a creation to a state. */
export async function openKit(postgresUrl: string) {
  const db = await createTestLedger(postgresUrl);
  const clock = await freezeClock(db.admin);
  const providerUrl = await db.providerUrl('sagemaker');
  const provider = connectLedger(providerUrl, () => undefined);
  const ledger = createLedger(db.ledger);
  const providerLedger = createProviderLedger(provider);

  const team = async (limitMicros = 1_000_000_000_000, period: 'total' | 'month' = 'total'): Promise<string> => {
    const name = fresh('team');
    await ledger.setBudget(name, period, limitMicros, 'test');
    return name;
  };
  const opening = async ({ requestId = fresh('request'), placement, ...rest }: OpeningOptions = {}) => ({
    requestId,
    bodyHash: rest.bodyHash ?? 'body',
    team: rest.team ?? (await team()),
    owner: requestWorkflowId(requestId),
    version: rest.version ?? 0,
    placement: { ...PLACEMENT, ...placement },
  });
  const opened = async (options: OpeningOptions = {}): Promise<Creation> => {
    const answer = await ledger.openCreation(await opening(options));
    if (answer.outcome !== 'opened' || answer.creation === null) throw new Error(`opening: ${answer.outcome}`);
    return answer.creation;
  };
  /** One send of the key, from claim to answer. */
  const sent = async (key: string, answered: boolean, clusterId?: string): Promise<string> => {
    const attempt = fresh('attempt');
    const { claims } = await row(key);
    const { outcome } = await providerLedger.claimSend(key, attempt, claims);
    if (outcome !== 'claimed') throw new Error(`claim: ${outcome}`);
    await providerLedger.releaseSend(
      key,
      attempt,
      answered,
      clusterId === undefined ? null : { clusterId, createdAtMs: null },
    );
    return attempt;
  };
  const close = (creation: Creation) =>
    ledger.beginClosing(creation.key, requestWorkflowId(creation.requestId), creation.epoch, 'ClusterFailed', 'test');
  const settle = async (key: string) =>
    ledger.settle(key, { claims: (await row(key)).claims, goneAtMs: await clock.now() }, 'test');
  const leaseOf = (creation: Creation): string => leaseWorkflowId(creation.requestId, creation.number);
  /** An open creation whose cluster is recorded; `lease` it with `leased`. */
  const withCluster = async (clusterId: string, options: OpeningOptions = {}): Promise<Creation> => {
    const creation = await opened(options);
    await sent(creation.key, true, clusterId);
    return creation;
  };
  const leased = async (clusterId = 'c-1', options: OpeningOptions = {}): Promise<Creation> => {
    const creation = await withCluster(clusterId, options);
    const answer = await ledger.lease(creation.key, leaseOf(creation), clusterId);
    if (answer.outcome !== 'leased' || answer.creation === null) throw new Error(`lease: ${answer.outcome}`);
    return answer.creation;
  };
  const release = (creation: Creation) =>
    ledger.beginClosing(creation.key, leaseOf(creation), creation.epoch, 'Released', 'test');
  /** Leased, then released and proven gone. */
  const released = async (clusterId = 'c-1', options: OpeningOptions = {}): Promise<Creation> => {
    const creation = await leased(clusterId, options);
    await release(creation);
    const answer = await settle(creation.key);
    if (answer.outcome !== 'settled' || answer.creation === null) throw new Error(`settle: ${answer.outcome}`);
    return answer.creation;
  };
  /** Open, then closed and proven absent without a send. */
  const absent = async (options: OpeningOptions = {}): Promise<Creation> => {
    const creation = await opened(options);
    await close(creation);
    await settle(creation.key);
    return creation;
  };
  const row = async (key: string): Promise<Row> => {
    const { rows } = await db.admin.query<Row>('select * from muster.creation where key = $1', [key]);
    if (rows[0] === undefined) throw new Error(`no row ${key}`);
    return rows[0];
  };
  /** What a team holds and has spent, over all periods unless one is named. */
  const money = async (ofTeam: string, period = '%'): Promise<{ held: number; spent: number }> => {
    const { rows } = await db.admin.query<{ held: number; spent: number }>(
      `select coalesce(sum(held_micros), 0)::bigint as held, coalesce(sum(spent_micros), 0)::bigint as spent
       from muster.balance where team = $1 and period like $2`,
      [ofTeam, period],
    );
    return rows[0] ?? { held: 0, spent: 0 };
  };
  /** Amounts of one kind in the journal of a key, in order. */
  const booked = async (key: string, kind: 'hold' | 'release' | 'spend' | 'overrun'): Promise<number[]> => {
    const { rows } = await db.admin.query<{ amount: number }>(
      'select amount_micros as amount from muster.journal where key = $1 and kind = $2 order by id',
      [key, kind],
    );
    return rows.map(({ amount }) => amount);
  };
  const observedClusters = async (key: string): Promise<string[]> => {
    const { rows } = await db.admin.query<{ id: string }>(
      'select cluster_id as id from muster.observed_cluster where key = $1 order by cluster_id',
      [key],
    );
    return rows.map(({ id }) => id);
  };

  return {
    ...{
      db,
      clock,
      providerUrl,
      provider,
      ledger,
      providerLedger,
      team,
      opening,
      opened,
      sent,
      close,
      settle,
      leaseOf,
    },
    ...{ withCluster, leased, release, released, absent, row, money, booked, observedClusters },
    drop: async () => {
      await provider.end();
      await db.drop();
    },
  };
}
