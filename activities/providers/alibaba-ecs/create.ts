import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { whatFollows } from '../../../contracts/failures.ts';
import type { CreateResult, FoundCluster } from '../provider.ts';
import type { EcsClient } from './client.ts';
import { keyOfInstanceSet, instanceSetId, missingRuns, toFound, keyTagFilter } from './clusters.ts';
import { EcsError, incompleteReply } from './errors.ts';
import type { EcsReads, Instance } from './reads.ts';
import { keyOf, type StoredCall, type StoredRun } from './stored-call.ts';

/** Time for all calls of a creation, in units of the longest call. A claim lasts two of them. */
const CREATE_CALLS = 1.75;

/** First and longest pause before a call is sent again, in units of the longest call: 1 s and 5 s of 30 s (policy). */
const FIRST_PAUSE = 1 / 30;
const LONGEST_PAUSE = 1 / 6;

/** No call starts with less time left than this, in units of the longest call: it would get no answer. */
const LEAST_TIME = 1 / 8;

/**
 * Makes all calls of a creation in order: the container, unless it exists or none is wanted, and then each run without an
 * instance. The first call is sent once. A later call is repeated while there is time, when the service says that the
 * container is still being created or that it is busy, or when it does not answer. A repeated run is safe: the service
 * executes its token once. Without repeats the creation would have to wait for a late cluster while its container exists.
 */
export async function create(
  ecs: EcsClient,
  reads: EcsReads,
  region: string,
  stored: StoredCall,
  partial: FoundCluster | null,
): Promise<CreateResult> {
  const time = timeBudget(ecs.callTimeoutMs);
  const key = keyOf(stored);
  let containerId = partial === null || keyOfInstanceSet(partial.clusterId) !== undefined ? null : partial.clusterId;
  if (containerId === null && stored.hpc !== null) containerId = await createContainer(ecs, region, stored.hpc);
  const clusterId = containerId ?? instanceSetId(key);
  const existing = partial === null ? [] : await instancesOf(reads, region, clusterId, key);
  const runs = missingRuns(stored, existing);
  let nodes = existing.length;
  try {
    if (containerId !== null && runs.length > 0) await untilVisible(reads, region, containerId, time);
    for (const run of runs) {
      const input = containerId === null ? run : { ...run, HpcClusterId: containerId };
      const firstOfAll = containerId === null && nodes === 0;
      nodes += firstOfAll
        ? await runInstances(ecs, region, input)
        : await retryWhileTime(time, (leftMs) => runInstances(ecs, region, input, leftMs));
    }
  } catch (error) {
    if (!(error instanceof EcsError)) throw error;
    // The minimum is reached. Further instances are not waited for.
    if (nodes >= stored.minNodes) return { clusterId };
    throw afterEarlierCalls(error, toFound(clusterId, key, [], true), containerId !== null, nodes);
  }
  return { clusterId };
}

async function createContainer(ecs: EcsClient, region: string, hpc: NonNullable<StoredCall['hpc']>): Promise<string> {
  const { hpcClusterId } = await ecs.call('CreateHpcCluster', region, hpc);
  if (!hpcClusterId) throw incompleteReply('CreateHpcCluster', 'HpcClusterId');
  return hpcClusterId;
}

async function instancesOf(reads: EcsReads, region: string, clusterId: string, key: string): Promise<Instance[]> {
  const isSet = keyOfInstanceSet(clusterId) !== undefined;
  const found = await reads.instances(region, isSet ? keyTagFilter(key) : { HpcClusterId: clusterId });
  return found.filter((instance) => instance.key === key && (!isSet || instance.containerId === null));
}

/** Sends one run. @returns how many instances it made: all that it asks for, or at least its minimum */
async function runInstances(ecs: EcsClient, region: string, input: StoredRun, timeoutMs?: number): Promise<number> {
  const { instanceIdSets } = await ecs.call('RunInstances', region, input, timeoutMs);
  const ids = instanceIdSets?.instanceIdSet ?? [];
  if (ids.length === 0) throw incompleteReply('RunInstances', 'InstanceIdSets');
  return ids.length;
}

/**
 * Waits until the new container is found by its id. A run that is sent earlier is refused, and the service then refuses its
 * token for ever.
 */
const untilVisible = (reads: EcsReads, region: string, id: string, time: TimeBudget): Promise<void> =>
  retryWhileTime(time, async () => {
    try {
      if ((await reads.container(region, id)) !== undefined) return;
    } catch (error) {
      // No run was sent yet, so a read without an answer is harmless.
      if (!(error instanceof EcsError) || error.definite || !error.isTransient) throw error;
    }
    throw notSent(`${id} is not visible yet`);
  });

/** Repeats an act with growing pauses while its error is transient and there is time. */
async function retryWhileTime<T>(time: TimeBudget, act: (leftMs: number) => Promise<T>): Promise<T> {
  let last: EcsError | undefined;
  for (let pauseMs = time.firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, time.longestPauseMs)) {
    const leftMs = time.endsAt - performance.now();
    if (leftMs < time.leastMs) throw last ?? notSent('no time was left to send it');
    try {
      return await act(leftMs);
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
      // After a send without an answer, a refusal of the next one does not say what the first one did.
      last = last?.definite === false && error.definite ? error.asAmbiguous() : error;
      const waitMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
      if (!error.isTransient || performance.now() + waitMs > time.endsAt) throw last;
      await pause(waitMs);
    }
  }
}

interface TimeBudget {
  /** On a clock that never jumps, ms. */
  readonly endsAt: number;
  readonly leastMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

const timeBudget = (callTimeoutMs: number): TimeBudget => ({
  endsAt: performance.now() + CREATE_CALLS * callTimeoutMs,
  leastMs: LEAST_TIME * callTimeoutMs,
  firstPauseMs: FIRST_PAUSE * callTimeoutMs,
  longestPauseMs: LONGEST_PAUSE * callTimeoutMs,
});

const notSent = (text: string): EcsError =>
  new EcsError('unavailable', { call: 'RunInstances', vendorCode: 'NotSent', text });

/**
 * What an error means when earlier calls had an effect. A final refusal carries the leftover: an empty container bills
 * nothing, and instances bill at most the planned price. A retryable error means that nothing bills. That is true for an
 * empty container; with instances the error becomes ambiguous.
 */
function afterEarlierCalls(error: EcsError, leftover: FoundCluster, hasContainer: boolean, nodes: number): EcsError {
  if (!error.definite || (!hasContainer && nodes === 0)) return error;
  if (whatFollows(error.failureType) === 'retry') return nodes === 0 ? error : error.asAmbiguous();
  return error.withLeftover(nodes === 0 ? { ...leftover, hourlyMicros: 0 } : leftover);
}
