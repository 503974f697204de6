import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { CreateOutcome } from '../../contracts/activities.ts';
import { whatFollows } from '../../contracts/failures.ts';
import { failure } from '../failures.ts';
import type { OwnCreation, Sends, Sighting } from '../ledger/sends.ts';
import { lateBirthLeftMs, lateBirthLookMs, provenAbsent, type Pace } from './absence.ts';
import { billedAt, sightingOf } from './booking.ts';
import { ProviderError } from './errors.ts';
import type { Found, FoundCluster, Provider } from './provider.ts';

/**
 * Look, claim, send. However often it runs, and whatever became of earlier runs, at most one cluster wears the key.
 * @param attempt a fresh random id for each execution: a workflow that was reset repeats activity ids
 */
export async function createCluster(
  provider: Provider,
  sends: Sends,
  key: string,
  pace: Pace,
  attempt: string = randomUUID(),
): Promise<CreateOutcome> {
  // Read before the look: the claim below holds only if nobody has sent since.
  const row = await sends.read(key);
  if (row === undefined) throw failure('Unknown', `the ledger shows this worker no creation with the key ${key}`);
  if (row.state !== 'open' || row.cancelled) return { kind: 'closed' };
  // Answered before, and the answer got lost on its way here: not looked for, since it may not show yet.
  if (row.clusterId !== null) return { kind: 'created', clusterId: row.clusterId, hourlyMicros: row.hourlyMicros };

  const found = await provider.find(row.region, key, row.call);
  const begun = found.kind === 'ours' && found.cluster.begun === true ? found.cluster : null;
  if (found.kind === 'ours' && begun === null) return adopt(sends, row, found.cluster);
  if (found.kind === 'taken') throw failure('NameTaken', found.detail);
  await mayBeSentAgain(provider, row, pace);

  const monotonicMs = pace.monotonicMs ?? (() => performance.now());
  const claimAskedAt = monotonicMs();
  const claim = await sends.claimSend(key, attempt, row.claims);
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
    await sends.releaseSend(key, attempt, true, null);
    throw failure('StaleClaim', 'the right to send ended before the call could go out; nothing was sent');
  }
  return send(provider, sends, row, attempt, begun, pace);
}

/** Sends under the claim, and tells the ledger what came of it. */
async function send(
  provider: Provider,
  sends: Sends,
  row: OwnCreation,
  attempt: string,
  begun: FoundCluster | null,
  pace: Pace,
): Promise<CreateOutcome> {
  try {
    const { clusterId, hourlyMicros } = await provider.create(row.region, row.call, begun);
    // Born after the row was read, and before this reply; what it costs counts from the earlier.
    await sends.releaseSend(row.key, attempt, true, {
      clusterId,
      bornAtMs: Math.min(row.nowMs, begun?.bornAtMs ?? row.nowMs),
    });
    return await created(sends, row, clusterId, hourlyMicros);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'name-taken') return afterNameTaken(provider, sends, row, attempt, error, pace);
    // A part that stands is booked at the price that the provider bills for it, and keeps the ledger from a refusal.
    await sends.releaseSend(row.key, attempt, error.definite, madeOf(error, row));
    if (error.made?.hourlyMicros !== undefined) await sends.billed(row.key, error.made.hourlyMicros);
    if (!error.definite || whatFollows(error.failureType) === 'retry') throw error;
    return { kind: 'refused', attempt, failure: { type: error.failureType, message: error.message } };
  }
}

/** What stands although the create failed; it was born after the row was read, where nobody tells when. */
const madeOf = ({ made }: ProviderError, row: OwnCreation): Sighting | null =>
  made === undefined ? null : { clusterId: made.clusterId, bornAtMs: made.bornAtMs ?? row.nowMs };

/**
 * The name is in use: by ours, from an earlier send that had no answer or from a copy of this one, or by a stranger's.
 * Only what a look shows is an answer.
 */
async function afterNameTaken(
  provider: Provider,
  sends: Sends,
  row: OwnCreation,
  attempt: string,
  error: ProviderError,
  pace: Pace,
): Promise<CreateOutcome> {
  let found: Found = { kind: 'none' };
  try {
    found = await provider.find(row.region, row.key, row.call);
  } finally {
    await sends.releaseSend(row.key, attempt, found.kind !== 'none', null);
  }
  switch (found.kind) {
    case 'ours':
      return adopt(sends, row, found.cluster);
    case 'taken':
      return { kind: 'refused', attempt, failure: { type: 'NameTaken', message: found.detail } };
    case 'none':
      // Where only the name that we choose tells, the vendor may have meant something else by its refusal. It is not let
      // go of as refused: the closing proves absence and deletes a late birth.
      if (provider.idempotency === 'neither' && (await provenAbsent(provider, row, pace))) {
        throw failure('ProviderRejected', `${error.message}; and nothing is seen under the name`);
      }
      throw failure('Ambiguous', `${error.message}; but it cannot be seen yet`);
  }
}

/** Takes over what an earlier send made. The first id recorded stays. */
async function adopt(sends: Sends, row: OwnCreation, cluster: FoundCluster): Promise<CreateOutcome> {
  await sends.adopt(row.key, sightingOf(cluster, row));
  return created(sends, row, row.clusterId ?? cluster.clusterId, cluster.hourlyMicros);
}

/** A cluster of ours, with the price that the provider bills where it tells another than was planned. */
async function created(
  sends: Sends,
  row: OwnCreation,
  clusterId: string,
  hourlyMicros: number | undefined,
): Promise<CreateOutcome> {
  return { kind: 'created', clusterId, hourlyMicros: await billedAt(sends, row, hourlyMicros) };
}

const MAY_BE_BORN = 'an earlier send had no answer and may still be born; waiting';

/**
 * Whether the same key may be sent once more, after nothing was found: a unique name needs that one look; without
 * one, an earlier send may be born yet, and absence must be proven first. A token is trusted no further than that
 * either: no vendor says how long it remembers tokens.
 */
async function mayBeSentAgain(provider: Provider, row: OwnCreation, pace: Pace): Promise<void> {
  if (row.claims === 0 || provider.idempotency === 'unique-name') return;
  const waitMs = lateBirthLeftMs(row, pace);
  if (waitMs > 0) throw failure('Ambiguous', MAY_BE_BORN, lateBirthLookMs(waitMs, pace));
  if (!(await provenAbsent(provider, row, pace, 'or begun'))) {
    throw failure('Ambiguous', 'a cluster with our key has appeared; looking again');
  }
}
