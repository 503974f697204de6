import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { whatFollows } from '../../../contracts/failures.ts';
import type { CreateResult, FoundCluster } from '../provider.ts';
import type { EcsClient } from './client.ts';
import { keyOfLoose, looseId, missingRuns, toFound, withKey } from './clusters.ts';
import { EcsError, incompleteReply } from './errors.ts';
import type { EcsReads, Instance } from './reads.ts';
import { keyOf, type StoredCall, type StoredRun } from './stored-call.ts';

/** How long all calls of a creation may take, in longest calls: a claim lasts two of them. */
const CREATE_CALLS = 1.75;

/** First and longest pause before the same bytes are sent again, in longest calls: 1 s and 5 s of 30 s (policy). */
const FIRST_PAUSE = 1 / 30;
const LONGEST_PAUSE = 1 / 6;

/** Least time in which a call is still begun, in longest calls: less would only end without an answer. */
const LEAST_TIME = 1 / 8;

/**
 * All calls of a creation, in their order: the container, unless there is one or none is wanted, then each run that has
 * no instance yet. The first is sent once. The later ones are sent again while there is time, when the service says
 * that the container is still being created, that it has too much to do, or nothing: a run under its token is made once,
 * and the alternative is to wait for its late cluster beside what already stands.
 */
export async function create(
  ecs: EcsClient,
  reads: EcsReads,
  region: string,
  stored: StoredCall,
  partial: FoundCluster | null,
): Promise<CreateResult> {
  const time = timeOf(ecs.callTimeoutMs);
  const key = keyOf(stored);
  let containerId = partial === null || keyOfLoose(partial.clusterId) !== undefined ? null : partial.clusterId;
  if (containerId === null && stored.hpc !== null) containerId = await createContainer(ecs, region, stored.hpc);
  const clusterId = containerId ?? looseId(key);
  const there = partial === null ? [] : await instancesOf(reads, region, clusterId, key);
  const runs = missingRuns(stored, there);
  let nodes = there.length;
  try {
    if (containerId !== null && runs.length > 0) await untilItShows(reads, region, containerId, time);
    for (const run of runs) {
      const input = containerId === null ? run : { ...run, HpcClusterId: containerId };
      const firstOfAll = containerId === null && nodes === 0;
      nodes += firstOfAll
        ? await runOnce(ecs, region, input)
        : await patiently(time, (leftMs) => runOnce(ecs, region, input, leftMs));
    }
  } catch (error) {
    if (!(error instanceof EcsError)) throw error;
    // What goes beyond the minimum is welcome, and not waited for.
    if (nodes >= stored.minNodes) return { clusterId };
    throw afterParts(error, toFound(clusterId, key, [], true), containerId !== null, nodes);
  }
  return { clusterId };
}

async function createContainer(ecs: EcsClient, region: string, hpc: NonNullable<StoredCall['hpc']>): Promise<string> {
  const { hpcClusterId } = await ecs.call('CreateHpcCluster', region, hpc);
  if (!hpcClusterId) throw incompleteReply('CreateHpcCluster', 'HpcClusterId');
  return hpcClusterId;
}

async function instancesOf(reads: EcsReads, region: string, clusterId: string, key: string): Promise<Instance[]> {
  const loose = keyOfLoose(clusterId) !== undefined;
  const found = await reads.instances(region, loose ? withKey(key) : { HpcClusterId: clusterId });
  return found.filter((instance) => instance.key === key && (!loose || instance.containerId === null));
}

/** How many instances a run made: all it asked for, or at least its minimum. */
async function runOnce(ecs: EcsClient, region: string, input: StoredRun, withinMs?: number): Promise<number> {
  const { instanceIdSets } = await ecs.call('RunInstances', region, input, withinMs);
  const ids = instanceIdSets?.instanceIdSet ?? [];
  if (ids.length === 0) throw incompleteReply('RunInstances', 'InstanceIdSets');
  return ids.length;
}

/**
 * Until the new container can be found by its id. A run that is sent before is refused, and its token with it: the same
 * bytes would be refused for ever.
 */
const untilItShows = (reads: EcsReads, region: string, id: string, time: Time): Promise<void> =>
  patiently(time, async () => {
    try {
      if ((await reads.container(region, id)) !== undefined) return;
    } catch (error) {
      // A look without an answer leaves nothing in doubt: no run was sent.
      if (!(error instanceof EcsError) || error.definite || !error.passes) throw error;
    }
    throw notYet(`${id} does not show yet`);
  });

/** Tries an act again, at growing pauses, for as long as its error passes and there is time. */
async function patiently<T>(time: Time, act: (leftMs: number) => Promise<T>): Promise<T> {
  let last: EcsError | undefined;
  for (let pauseMs = time.firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, time.longestPauseMs)) {
    const leftMs = time.endsAt - performance.now();
    if (leftMs < time.leastMs) throw last ?? notYet('no time was left to send it');
    try {
      return await act(leftMs);
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
      // Once one send had no answer, a refusal of the next is none either: it does not tell of the first.
      last = last?.definite === false && error.definite ? error.unsettled() : error;
      const waitMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
      if (!error.passes || performance.now() + waitMs > time.endsAt) throw last;
      await pause(waitMs);
    }
  }
}

interface Time {
  /** On the process's own clock, which never jumps. */
  readonly endsAt: number;
  readonly leastMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

const timeOf = (callTimeoutMs: number): Time => ({
  endsAt: performance.now() + CREATE_CALLS * callTimeoutMs,
  leastMs: LEAST_TIME * callTimeoutMs,
  firstPauseMs: FIRST_PAUSE * callTimeoutMs,
  longestPauseMs: LONGEST_PAUSE * callTimeoutMs,
});

const notYet = (text: string): EcsError =>
  new EcsError('unavailable', { call: 'RunInstances', vendorCode: 'NotSent', text });

/**
 * What an error means when earlier calls had an effect. A refusal that ends the creation says what is to be made absent:
 * an empty container bills nothing, instances the price that was planned at most. One that would be sent again says that
 * nothing bills, which is true of a container, and not where instances were made.
 */
function afterParts(error: EcsError, leftover: FoundCluster, hasContainer: boolean, nodes: number): EcsError {
  if (!error.definite || (!hasContainer && nodes === 0)) return error;
  if (whatFollows(error.failureType) === 'retry') return nodes === 0 ? error : error.unsettled();
  return error.leaving(nodes === 0 ? { ...leftover, hourlyMicros: 0 } : leftover);
}
