import { jittered } from '../core/durations.ts';
import type { ClusterFault } from '../core/faults.ts';
import type { Random } from '../core/random.ts';
import type { Cluster } from './cluster.ts';
import type { Setting } from './context.ts';

/** The service's words for these are not known. */
const NO_CAPACITY = 'Insufficient capacity for the requested instance type. Please try again later';
const FAILED = 'Cluster provisioning failed';

/** A retry takes the middle of the time that a claim takes. */
const RETRY_FROM = 0.4;
const RETRY_UNTIL = 0.7;

interface PlannedCreation {
  readonly setting: Setting;
  readonly createdAtMs: number;
  readonly wanted: number;
  /** Whether any pool has the nodes. */
  readonly available: boolean;
  readonly clusterFault: ClusterFault | undefined;
  readonly random: Random;
}

type CreationPlan = Pick<Cluster, 'plan' | 'granted' | 'pendingUntilMs' | 'retrying' | 'goneAtMs' | 'releaseStuck'>;

/** Settles at its birth what a creation comes to: by the scripted outcome if there is one, else by what there is. */
export function planCreation({
  setting,
  createdAtMs,
  wanted,
  available,
  clusterFault,
  random,
}: PlannedCreation): CreationPlan {
  const { durations, jitter, behaviour } = setting;
  const after = (ms: number): number => createdAtMs + jittered(ms, jitter, random);
  const extraMs = clusterFault?.kind === 'slow' ? clusterFault.extraMs : 0;
  const readyAtMs = after(durations.claimingMs) + extraMs;
  const failedAtMs = after(durations.failingMs) + extraMs;
  const common = {
    pendingUntilMs: Math.min(createdAtMs + durations.pendingMs, failedAtMs, readyAtMs),
    releaseStuck: clusterFault?.kind === 'delete-stuck',
    ...(behaviour.retriesOnce || clusterFault?.kind === 'slow'
      ? {
          retrying: {
            fromMs: createdAtMs + (readyAtMs - createdAtMs) * RETRY_FROM,
            untilMs: createdAtMs + (readyAtMs - createdAtMs) * RETRY_UNTIL,
          },
        }
      : {}),
    ...(clusterFault?.kind === 'vanish' ? { goneAtMs: createdAtMs + clusterFault.afterMs } : {}),
  };
  const failure = (message: string): CreationPlan => ({
    ...common,
    plan: { kind: 'fails', failedAtMs, message },
    granted: 0,
    ...(behaviour.failureLeaves === 'nothing' ? { goneAtMs: failedAtMs } : {}),
  });
  if (clusterFault?.kind === 'never-ready') return { ...common, plan: { kind: 'never-ready' }, granted: wanted };
  if (clusterFault?.kind === 'fails') return failure(clusterFault.message ?? FAILED);
  if (clusterFault?.kind === 'no-capacity' || !available) return failure(NO_CAPACITY);
  const granted = clusterFault?.kind === 'partial-capacity' ? Math.min(clusterFault.nodes, wanted) : wanted;
  return { ...common, plan: { kind: 'ready', readyAtMs }, granted };
}
