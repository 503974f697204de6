import { setTimeout as pause } from 'node:timers/promises';
import {
  ABSENCE_READS,
  ABSENCE_READ_GAP_MS,
  LATE_CLUSTER_LOOK_MS,
  VISIBILITY_GRACE_MS,
} from '../../contracts/limits.ts';
import type { ProviderCreation } from '../ledger/provider-ledger.ts';
import { ProviderError } from './errors.ts';
import type { FoundCluster, Provider } from './provider.ts';

/** How fast a provider's time runs: 1 but for local simulators, whose waits shrink by it. */
export interface Timing {
  readonly speed: number;
  /** The wait between two looks, and a clock that never jumps, ms: the process's own unless a test sets them. */
  readonly pause?: (ms: number) => Promise<unknown>;
  readonly monotonicMs?: () => number;
}

/** A wait of real time at the provider's speed, at least 50 ms. */
export const scaleBySpeed = (ms: number, timing: Timing): number => Math.max(50, Math.ceil(ms / timing.speed));

/**
 * How long something may still appear under the key, ms: a send without a definite answer until its window has passed,
 * and a cluster that the provider has answered with until it must show; 0 when every send was refused.
 */
export function lateClusterLeftMs(row: ProviderCreation, timing: Timing): number {
  if (row.sendUntilMs === null) return 0;
  const answeredMs = row.clusterId === null ? 0 : VISIBILITY_GRACE_MS / timing.speed;
  const windowMs = row.answered < row.claims ? Math.max(row.lateClusterWindowMs, answeredMs) : answeredMs;
  return windowMs === 0 ? 0 : Math.max(0, row.sendUntilMs + windowMs - row.nowMs + 1);
}

/** The pause until the next look for what may still be born: what is born meanwhile is found soon, and not at the end. */
export const lateClusterLookMs = (leftMs: number, timing: Timing): number =>
  Math.min(leftMs, scaleBySpeed(LATE_CLUSTER_LOOK_MS, timing));

/**
 * One pair of list and get, and a look by its id at the recorded cluster where the pair misses it: people rename clusters.
 * Everything of ours; `unsure` when list and get disagree, as they do while a birth or a death becomes visible.
 */
export async function findEverywhere(provider: Provider, row: ProviderCreation): Promise<FoundCluster[] | 'unsure'> {
  const carriers = await carriersOf(provider, row);
  const missed = carriers === 'unsure' || carriers.every(({ clusterId }) => clusterId !== row.clusterId);
  const own = missed && row.clusterId !== null ? await recorded(provider, row, row.clusterId) : undefined;
  if (own === undefined) return carriers;
  return carriers === 'unsure' ? [own] : [...carriers, own];
}

/** Everything of ours that wears the key. */
async function carriersOf(provider: Provider, row: ProviderCreation): Promise<FoundCluster[] | 'unsure'> {
  const listed = (await provider.list(row.region, row.key)).filter(({ name }) => name === row.key);
  const found = await provider.find(row.region, row.key, row.call);
  switch (found.kind) {
    // A stranger wears our name: whatever is listed under it is the stranger's; but for the very cluster that was
    // recorded as ours, which may have lost its mark since.
    case 'taken':
      return listed.filter(({ clusterId }) => clusterId === row.clusterId);
    case 'none':
      return listed.length === 0 ? [] : 'unsure';
    case 'ours':
      return [found.cluster, ...listed.filter(({ clusterId }) => clusterId !== found.cluster.clusterId)];
  }
}

/** The cluster that was recorded as ours, by its id, whatever it is called by now; undefined where nothing of it stands. */
async function recorded(
  provider: Provider,
  row: ProviderCreation,
  clusterId: string,
): Promise<FoundCluster | undefined> {
  const seen = await provider.observe(row.region, clusterId, row.call).catch((error: unknown) => {
    // A vendor that refuses to be asked for what is gone tells nothing: the pair alone is the proof then.
    if (error instanceof ProviderError && error.kind === 'rejected') return undefined;
    throw error;
  });
  if (seen === undefined) return undefined;
  const isGone = seen.state === 'gone';
  if (!(seen.stands ?? !isGone)) return undefined;
  const cluster = { clusterId, name: row.key, createdAtMs: null };
  return isGone ? { ...cluster, state: 'creating', partial: true } : { ...cluster, state: seen.state };
}

/**
 * Whether {@link ABSENCE_READS} pairs in a row, spaced, find nothing of ours.
 * @param orBegun what is only begun counts as nothing: for going on with it
 */
export async function isProvenAbsent(
  provider: Provider,
  row: ProviderCreation,
  timing: Timing,
  orPartial?: 'or partial',
): Promise<boolean> {
  return repeatedReadsMiss(timing, async () => {
    const living = await findEverywhere(provider, row);
    return living !== 'unsure' && living.every(({ partial }) => orPartial !== undefined && partial === true);
  });
}

/** Whether {@link ABSENCE_READS} reads in a row, spaced, all miss something; ends with the first that does not. */
export async function repeatedReadsMiss(timing: Timing, misses: () => Promise<boolean>): Promise<boolean> {
  for (let read = 1; read <= ABSENCE_READS; read += 1) {
    if (read > 1) await (timing.pause ?? pause)(scaleBySpeed(ABSENCE_READ_GAP_MS, timing));
    if (!(await misses())) return false;
  }
  return true;
}
