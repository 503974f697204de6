import { withJitter } from '../core/durations.ts';
import { goneAtMsOf, type ClusterFault } from '../core/faults.ts';
import type { Random } from '../core/random.ts';
import type { Cluster } from './cluster.ts';
import type { Context } from './context.ts';

/** The service's own messages are not known. */
const NO_CAPACITY = 'Insufficient capacity for the requested instance type. Please try again later';
const FAILED = 'Cluster provisioning failed';

/** The part of a claim's duration in which the service retries. */
const RETRY_FROM = 0.4;
const RETRY_UNTIL = 0.7;

/** An accepted creation. */
interface Creation {
  readonly context: Context;
  readonly createdAtMs: number;
  readonly requestedNodes: number;
  /** Whether a pool has the nodes. */
  readonly available: boolean;
  readonly fault: ClusterFault | undefined;
  readonly random: Random;
}

type PlannedCluster = Pick<
  Cluster,
  'plan' | 'grantedNodes' | 'pendingUntilMs' | 'retrying' | 'goneAtMs' | 'releaseStuck'
>;

/** Decides how a creation goes: by its fault if it has one, otherwise by what the pools have. */
export function planCreation({
  context,
  createdAtMs,
  requestedNodes,
  available,
  fault,
  random,
}: Creation): PlannedCluster {
  const { durations, jitter, behaviour } = context;
  const after = (ms: number): number => createdAtMs + withJitter(ms, jitter, random);
  const extraMs = fault?.kind === 'slow' ? fault.extraMs : 0;
  const readyAtMs = after(durations.claimingMs) + extraMs;
  const failedAtMs = after(durations.failingMs) + extraMs;
  const common = {
    pendingUntilMs: Math.min(createdAtMs + durations.pendingMs, failedAtMs, readyAtMs),
    releaseStuck: fault?.kind === 'delete-stuck',
    ...(behaviour.retriesOnce || fault?.kind === 'slow'
      ? {
          retrying: {
            fromMs: createdAtMs + (readyAtMs - createdAtMs) * RETRY_FROM,
            untilMs: createdAtMs + (readyAtMs - createdAtMs) * RETRY_UNTIL,
          },
        }
      : {}),
    ...goneAtMsOf(fault, createdAtMs),
  };
  const failure = (message: string): PlannedCluster => ({
    ...common,
    plan: { kind: 'fails', failedAtMs, message },
    grantedNodes: 0,
    ...(behaviour.failureLeaves === 'nothing' ? { goneAtMs: failedAtMs } : {}),
  });
  if (fault?.kind === 'never-ready') return { ...common, plan: { kind: 'never-ready' }, grantedNodes: requestedNodes };
  if (fault?.kind === 'fails') return failure(fault.message ?? FAILED);
  if (fault?.kind === 'no-capacity' || !available) return failure(NO_CAPACITY);
  const grantedNodes = fault?.kind === 'partial-capacity' ? Math.min(fault.nodes, requestedNodes) : requestedNodes;
  return { ...common, plan: { kind: 'ready', readyAtMs }, grantedNodes };
}
