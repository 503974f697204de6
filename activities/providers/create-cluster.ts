import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { CreateOutcome } from '../../contracts/activities.ts';
import { whatFollows } from '../../contracts/failures.ts';
import { failure } from '../failures.ts';
import type { ProviderCreation, ProviderLedger, ObservedCluster } from '../ledger/provider-ledger.ts';
import { lateClusterLeftMs, lateClusterLookMs, isProvenAbsent, type Timing } from './absence.ts';
import { recordBilledPrice, toObservedCluster } from './booking.ts';
import { ProviderError } from './errors.ts';
import type { Found, FoundCluster, Provider } from './provider.ts';

/**
 * Look, claim, send. However often it runs, and whatever became of earlier runs, at most one cluster wears the key.
 * @param attempt a fresh random id for each execution: a workflow that was reset repeats activity ids
 */
export async function createCluster(
  provider: Provider,
  providerLedger: ProviderLedger,
  key: string,
  timing: Timing,
  attempt: string = randomUUID(),
): Promise<CreateOutcome> {
  // Read before the look: the claim below holds only if nobody has sent since.
  const row = await providerLedger.read(key);
  if (row === undefined) throw failure('Unknown', `the ledger shows this worker no creation with the key ${key}`);
  if (row.state !== 'open' || row.cancelled) return { kind: 'closed' };
  // Answered before, and the answer got lost on its way here: not looked for, since it may not show yet.
  if (row.clusterId !== null) return { kind: 'created', clusterId: row.clusterId, hourlyMicros: row.hourlyMicros };

  const found = await provider.find(row.region, key, row.call);
  const partial = found.kind === 'ours' && found.cluster.partial === true ? found.cluster : null;
  if (found.kind === 'ours' && partial === null) return adopt(providerLedger, row, found.cluster);
  if (found.kind === 'taken') throw failure('NameTaken', found.detail);
  await assertResendable(provider, row, timing);

  const monotonicMs = timing.monotonicMs ?? (() => performance.now());
  const claimAskedAt = monotonicMs();
  const claim = await providerLedger.claimSend(key, attempt, row.claims);
  switch (claim.outcome) {
    case 'closed':
    case 'cancelled':
      return { kind: 'closed' };
    case 'stale-claim':
      throw failure('StaleClaim', 'another send was claimed since the look; looking again');
    case 'busy':
      throw failure('Ambiguous', 'another attempt holds the right to send; waiting until it answers or expires');
    case 'claimed':
      break;
  }
  // Counted from before the claim was asked for, on a clock that never jumps: the ledger's end of it comes later.
  if (monotonicMs() - claimAskedAt >= row.claimMs) {
    await providerLedger.releaseSend(key, attempt, true, null);
    throw failure('StaleClaim', 'the right to send ended before the call could go out; nothing was sent');
  }
  return send(provider, providerLedger, row, attempt, partial, timing);
}

/** Sends under the claim, and tells the ledger what came of it. */
async function send(
  provider: Provider,
  providerLedger: ProviderLedger,
  row: ProviderCreation,
  attempt: string,
  partial: FoundCluster | null,
  timing: Timing,
): Promise<CreateOutcome> {
  try {
    const { clusterId, hourlyMicros } = await provider.create(row.region, row.call, partial);
    // Born after the row was read, and before this reply; what it costs counts from the earlier.
    await providerLedger.releaseSend(row.key, attempt, true, {
      clusterId,
      createdAtMs: Math.min(row.nowMs, partial?.createdAtMs ?? row.nowMs),
    });
    return await created(providerLedger, row, clusterId, hourlyMicros);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'name-taken') return afterNameTaken(provider, providerLedger, row, attempt, error, timing);
    // A part that stands is booked at the price that the provider bills for it, and keeps the ledger from a refusal.
    await providerLedger.releaseSend(row.key, attempt, error.definite, madeOf(error, row));
    if (error.made?.hourlyMicros !== undefined) await providerLedger.recordPrice(row.key, error.made.hourlyMicros);
    if (!error.definite || whatFollows(error.failureType) === 'retry') throw error;
    return { kind: 'refused', attempt, failure: { type: error.failureType, message: error.message } };
  }
}

/** What stands although the create failed; it was born after the row was read, where nobody tells when. */
const madeOf = ({ made }: ProviderError, row: ProviderCreation): ObservedCluster | null =>
  made === undefined ? null : { clusterId: made.clusterId, createdAtMs: made.createdAtMs ?? row.nowMs };

/**
 * The name is in use: by ours, from an earlier send that had no answer or from a copy of this one, or by a stranger's.
 * Only what a look shows is an answer.
 */
async function afterNameTaken(
  provider: Provider,
  providerLedger: ProviderLedger,
  row: ProviderCreation,
  attempt: string,
  error: ProviderError,
  timing: Timing,
): Promise<CreateOutcome> {
  let found: Found = { kind: 'none' };
  try {
    found = await provider.find(row.region, row.key, row.call);
  } finally {
    await providerLedger.releaseSend(row.key, attempt, found.kind !== 'none', null);
  }
  switch (found.kind) {
    case 'ours':
      return adopt(providerLedger, row, found.cluster);
    case 'taken':
      return { kind: 'refused', attempt, failure: { type: 'NameTaken', message: found.detail } };
    case 'none':
      // Where only the name that we choose tells, the vendor may have meant something else by its refusal. It is not let
      // go of as refused: the closing proves absence and deletes a late cluster.
      if (provider.idempotency === 'neither' && (await isProvenAbsent(provider, row, timing))) {
        throw failure('ProviderRejected', `${error.message}; and nothing is seen under the name`);
      }
      throw failure('Ambiguous', `${error.message}; but it cannot be seen yet`);
  }
}

/** Takes over what an earlier send made. The first id recorded stays. */
async function adopt(
  providerLedger: ProviderLedger,
  row: ProviderCreation,
  cluster: FoundCluster,
): Promise<CreateOutcome> {
  await providerLedger.adopt(row.key, toObservedCluster(cluster, row));
  return created(providerLedger, row, row.clusterId ?? cluster.clusterId, cluster.hourlyMicros);
}

/** A cluster of ours, with the price that the provider bills where it tells another than was planned. */
async function created(
  providerLedger: ProviderLedger,
  row: ProviderCreation,
  clusterId: string,
  hourlyMicros: number | undefined,
): Promise<CreateOutcome> {
  return { kind: 'created', clusterId, hourlyMicros: await recordBilledPrice(providerLedger, row, hourlyMicros) };
}

const MAY_BE_BORN = 'an earlier send had no answer and may still be born; waiting';

/**
 * Whether the same key may be sent once more, after nothing was found: a unique name needs that one look; without
 * one, an earlier send may be born yet, and absence must be proven first. A token is trusted no further than that
 * either: no vendor says how long it remembers tokens.
 */
async function assertResendable(provider: Provider, row: ProviderCreation, timing: Timing): Promise<void> {
  if (row.claims === 0 || provider.idempotency === 'unique-name') return;
  const waitMs = lateClusterLeftMs(row, timing);
  if (waitMs > 0) throw failure('Ambiguous', MAY_BE_BORN, lateClusterLookMs(waitMs, timing));
  if (!(await isProvenAbsent(provider, row, timing, 'or partial'))) {
    throw failure('Ambiguous', 'a cluster with our key has appeared; looking again');
  }
}
