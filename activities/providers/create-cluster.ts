import { randomUUID } from 'node:crypto';
import type { CreateOutcome } from '../../contracts/activities.ts';
import { whatFollows } from '../../contracts/failures.ts';
import { failure } from '../failures.ts';
import type { ObservedCluster, ProviderCreation } from '../ledger/provider-ledger.ts';
import { isProvenAbsent, lateClusterLeftMs, lateClusterPauseMs } from './absence.ts';
import { recordBilledPrice, toObservedCluster } from './booking.ts';
import { ProviderError } from './errors.ts';
import type { FindResult, FoundCluster } from './provider.ts';
import type { StepContext } from './step-context.ts';
import { monotonicMs } from './timing.ts';

type Created = Extract<CreateOutcome, { kind: 'created' }>;

/** The outcome of the step; the activity adds to `created` how long to wait for a hint. */
export type CreateStepOutcome = Exclude<CreateOutcome, Created> | Omit<Created, 'fallbackMs'>;

/**
 * Looks for the key, claims the right to send, and sends the create. At most one cluster carries the key, however often
 * this runs and whatever happened to earlier runs.
 * @param attempt a new random id for each execution: a workflow that was reset repeats its activity ids
 */
export async function createCluster(context: StepContext, attempt: string = randomUUID()): Promise<CreateStepOutcome> {
  const { provider, ledger, row, timing } = context;
  if (row.state !== 'open' || row.cancelled) return { kind: 'closed' };
  // An earlier run got this answer, and its own reply was lost. Do not look for the cluster: it may not show yet.
  if (row.clusterId !== null) return { kind: 'created', clusterId: row.clusterId, hourlyMicros: row.hourlyMicros };

  const found = await provider.find(row.region, row.key, row.call);
  const partial = found.kind === 'ours' && found.cluster.partial === true ? found.cluster : null;
  if (found.kind === 'ours' && partial === null) return adopt(context, found.cluster);
  if (found.kind === 'taken') throw failure('NameTaken', found.detail);
  await assertResendable(context);

  const claimAskedAt = monotonicMs(timing);
  const claim = await ledger.claimSend(row.key, attempt, row.claims);
  switch (claim.outcome) {
    case 'closed':
    case 'cancelled':
      return { kind: 'closed' };
    case 'stale-claim':
      throw failure('StaleClaim', 'another attempt has claimed a send since the search; searching again');
    case 'busy':
      throw failure('Ambiguous', 'another attempt holds the right to send; waiting until it answers or expires');
    case 'claimed':
      break;
  }
  // Measured from before the claim was asked for, on a clock that never jumps: the ledger's own end of it comes later.
  if (monotonicMs(timing) - claimAskedAt >= row.claimMs) {
    await ledger.releaseSend(row.key, attempt, true, null);
    throw failure('StaleClaim', 'the right to send ended before the call could go out; nothing was sent');
  }
  return send(context, attempt, partial);
}

/** Sends under the claim, and records the result in the ledger. */
async function send(context: StepContext, attempt: string, partial: FoundCluster | null): Promise<CreateStepOutcome> {
  const { provider, ledger, row } = context;
  try {
    const { clusterId, hourlyMicros } = await provider.create(row.region, row.call, partial);
    // It was created after the row was read and before this reply. Its cost counts from the earlier time.
    await ledger.releaseSend(row.key, attempt, true, {
      clusterId,
      createdAtMs: Math.min(row.nowMs, partial?.createdAtMs ?? row.nowMs),
    });
    return await created(context, clusterId, hourlyMicros);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'name-taken') return afterNameTaken(context, attempt, error);
    // A leftover is recorded: the ledger then books it, at the price that the provider bills, and takes no refusal.
    await ledger.releaseSend(row.key, attempt, error.definite, leftoverOf(error, row));
    if (error.leftover?.hourlyMicros !== undefined) await ledger.recordPrice(row.key, error.leftover.hourlyMicros);
    if (!error.definite || whatFollows(error.failureType) === 'retry') throw error;
    return { kind: 'refused', attempt, failure: { type: error.failureType, message: error.message } };
  }
}

/** The part of the cluster that a failed create left. Without a creation time it counts from the read of the row. */
const leftoverOf = ({ leftover }: ProviderError, row: ProviderCreation): ObservedCluster | null =>
  leftover === undefined ? null : { clusterId: leftover.clusterId, createdAtMs: leftover.createdAtMs ?? row.nowMs };

/**
 * The name is in use: by our cluster, from an earlier send without an answer or from a copy of this one, or by somebody
 * else's. Only a new search gives the answer.
 */
async function afterNameTaken(context: StepContext, attempt: string, error: ProviderError): Promise<CreateStepOutcome> {
  const { provider, ledger, row } = context;
  let found: FindResult = { kind: 'none' };
  try {
    found = await provider.find(row.region, row.key, row.call);
  } finally {
    await ledger.releaseSend(row.key, attempt, found.kind !== 'none', null);
  }
  switch (found.kind) {
    case 'ours':
      return adopt(context, found.cluster);
    case 'taken':
      return { kind: 'refused', attempt, failure: { type: 'NameTaken', message: found.detail } };
    case 'none':
      // At a provider without unique names or tokens, this error may have another meaning. It is a failure and not a
      // refusal: the closing then proves absence and deletes a late cluster.
      if (provider.idempotency === 'neither' && (await isProvenAbsent(context))) {
        throw failure('ProviderRejected', `${error.message}; no cluster has the name`);
      }
      throw failure('Ambiguous', `${error.message}; but no cluster shows under it yet`);
  }
}

/** Records the cluster that an earlier send made. The first id that was recorded stays. */
async function adopt(context: StepContext, cluster: FoundCluster): Promise<CreateStepOutcome> {
  const { ledger, row } = context;
  await ledger.adopt(row.key, toObservedCluster(cluster, row));
  return created(context, row.clusterId ?? cluster.clusterId, cluster.hourlyMicros);
}

async function created(
  context: StepContext,
  clusterId: string,
  billedMicros: number | undefined,
): Promise<CreateStepOutcome> {
  return { kind: 'created', clusterId, hourlyMicros: await recordBilledPrice(context, billedMicros) };
}

const MAY_APPEAR = 'an earlier send had no answer, and its cluster may still appear; waiting';

/**
 * Allows another send of the same key after a search has found nothing. With unique names that search is enough.
 * Without them an earlier send may still make a cluster, so absence must be proven first. A token gets no more trust: no
 * vendor says how long it remembers tokens.
 */
async function assertResendable(context: StepContext): Promise<void> {
  const { provider, row, timing } = context;
  if (row.claims === 0 || provider.idempotency === 'unique-name') return;
  const waitMs = lateClusterLeftMs(context);
  if (waitMs > 0) throw failure('Ambiguous', MAY_APPEAR, lateClusterPauseMs(waitMs, timing));
  if (!(await isProvenAbsent(context, 'partial'))) {
    throw failure('Ambiguous', 'a cluster with our key has appeared; searching again');
  }
}
