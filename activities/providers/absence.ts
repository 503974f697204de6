import {
  ABSENCE_SEARCHES,
  ABSENCE_SEARCH_PAUSE_MS,
  LATE_CLUSTER_SEARCH_MS,
  VISIBILITY_GRACE_MS,
} from '../../contracts/limits.ts';
import { ProviderError } from './errors.ts';
import type { FoundCluster } from './provider.ts';
import type { StepContext } from './step-context.ts';
import { pauseFor, scaleBySpeed, type Timing } from './timing.ts';

/**
 * How long a cluster may still appear under the key, ms; 0 when every send was refused. After a send without a definite
 * answer, one may appear until the late-cluster window has passed. After a send that was answered with a cluster, that
 * cluster may take the visibility grace to appear.
 */
export function lateClusterLeftMs({ row, timing }: StepContext): number {
  if (row.sendUntilMs === null) return 0;
  const answeredMs = row.clusterId === null ? 0 : VISIBILITY_GRACE_MS / timing.speed;
  const windowMs = row.answered < row.claims ? Math.max(row.lateClusterWindowMs, answeredMs) : answeredMs;
  return windowMs === 0 ? 0 : Math.max(0, row.sendUntilMs + windowMs - row.nowMs + 1);
}

/** The pause before the next search for a late cluster, ms: short, because a late cluster bills until it is found. */
export const lateClusterPauseMs = (leftMs: number, timing: Timing): number =>
  Math.min(leftMs, scaleBySpeed(LATE_CLUSTER_SEARCH_MS, timing));

/**
 * Our clusters under the key. `inconclusive` when list and get disagree, as they do while a new cluster becomes visible or a
 * deleted one disappears.
 */
export type KeySearch = FoundCluster[] | 'inconclusive';

/**
 * Finds our clusters by one pair of list and get. When the pair misses the recorded cluster, this also asks for it by id:
 * people rename clusters.
 */
export async function findOurs(context: StepContext): Promise<KeySearch> {
  const { row } = context;
  const carriers = await carriersOf(context);
  const missesRecorded = carriers === 'inconclusive' || carriers.every(({ clusterId }) => clusterId !== row.clusterId);
  const recorded = missesRecorded && row.clusterId !== null ? await findById(context, row.clusterId) : undefined;
  if (recorded === undefined) return carriers;
  return carriers === 'inconclusive' ? [recorded] : [...carriers, recorded];
}

/** Our clusters that carry the key as their name. */
async function carriersOf({ provider, row }: StepContext): Promise<KeySearch> {
  const listed = (await provider.list(row.region, row.key)).filter(({ name }) => name === row.key);
  const found = await provider.find(row.region, row.key, row.call);
  switch (found.kind) {
    // Another owner's cluster has our name, so what is listed under it is theirs. The recorded cluster is the exception:
    // it is ours even when it has lost its tag since.
    case 'taken':
      return listed.filter(({ clusterId }) => clusterId === row.clusterId);
    case 'none':
      return listed.length === 0 ? [] : 'inconclusive';
    case 'ours':
      return [found.cluster, ...listed.filter(({ clusterId }) => clusterId !== found.cluster.clusterId)];
  }
}

/** The recorded cluster, whatever its name is now. Undefined when nothing of it remains. */
async function findById({ provider, row }: StepContext, clusterId: string): Promise<FoundCluster | undefined> {
  const observation = await provider.observe(row.region, clusterId, row.call).catch((error: unknown) => {
    // Some vendors refuse requests for a deleted cluster. Then the pair of list and get alone is the proof.
    if (error instanceof ProviderError && error.kind === 'rejected') return undefined;
    throw error;
  });
  if (observation === undefined) return undefined;
  const isGone = observation.state === 'gone';
  if (!(observation.resourcesRemain ?? !isGone)) return undefined;
  const cluster = { clusterId, name: row.key, createdAtMs: null };
  return isGone ? { ...cluster, state: 'creating', partial: true } : { ...cluster, state: observation.state };
}

/**
 * Whether {@link ABSENCE_SEARCHES} searches in a row, with pauses, find nothing of ours.
 * @param allowed `partial` when a partial cluster counts as absent: the caller will complete it
 */
export async function isProvenAbsent(context: StepContext, allowed?: 'partial'): Promise<boolean> {
  return repeatedReadsMiss(context.timing, async () => {
    const ours = await findOurs(context);
    return ours !== 'inconclusive' && ours.every(({ partial }) => allowed === 'partial' && partial === true);
  });
}

/** Whether {@link ABSENCE_SEARCHES} reads in a row, with pauses, all miss something. Stops at the first that finds it. */
export async function repeatedReadsMiss(timing: Timing, misses: () => Promise<boolean>): Promise<boolean> {
  for (let read = 1; read <= ABSENCE_SEARCHES; read += 1) {
    if (read > 1) await pauseFor(scaleBySpeed(ABSENCE_SEARCH_PAUSE_MS, timing), timing);
    if (!(await misses())) return false;
  }
  return true;
}
