import { jittered } from '../core/durations.ts';
import type { Outcome } from '../core/faults.ts';
import type { Random } from '../core/random.ts';
import type { Cluster } from './cluster.ts';
import type { Setting } from './context.ts';

/** The service's words for these are not known. */
const NO_CAPACITY = 'Insufficient capacity for the requested instance type. Please try again later';
const FAILED = 'Cluster provisioning failed';

/** A retry takes the middle of the time that a claim takes. */
const RETRY_FROM = 0.4;
const RETRY_UNTIL = 0.7;

interface Birthplace {
  readonly setting: Setting;
  readonly createdAtMs: number;
  readonly wanted: number;
  /** Whether any pool has the nodes. */
  readonly available: boolean;
  readonly outcome: Outcome | undefined;
  readonly random: Random;
}

type Fate = Pick<Cluster, 'plan' | 'granted' | 'pendingUntilMs' | 'retrying' | 'goneAtMs' | 'releaseStuck'>;

/** Settles at its birth what a creation comes to: by the scripted outcome if there is one, else by what there is. */
export function settleFate({ setting, createdAtMs, wanted, available, outcome, random }: Birthplace): Fate {
  const { durations, jitter, behaviour } = setting;
  const after = (ms: number): number => createdAtMs + jittered(ms, jitter, random);
  const extraMs = outcome?.kind === 'slow' ? outcome.extraMs : 0;
  const readyAtMs = after(durations.claimingMs) + extraMs;
  const failedAtMs = after(durations.failingMs) + extraMs;
  const common = {
    pendingUntilMs: Math.min(createdAtMs + durations.pendingMs, failedAtMs, readyAtMs),
    releaseStuck: outcome?.kind === 'delete-stuck',
    ...(behaviour.retriesOnce || outcome?.kind === 'slow'
      ? {
          retrying: {
            fromMs: createdAtMs + (readyAtMs - createdAtMs) * RETRY_FROM,
            untilMs: createdAtMs + (readyAtMs - createdAtMs) * RETRY_UNTIL,
          },
        }
      : {}),
    ...(outcome?.kind === 'vanish' ? { goneAtMs: createdAtMs + outcome.afterMs } : {}),
  };
  const failure = (message: string): Fate => ({
    ...common,
    plan: { kind: 'fails', failedAtMs, message },
    granted: 0,
    ...(behaviour.failureLeaves === 'nothing' ? { goneAtMs: failedAtMs } : {}),
  });
  if (outcome?.kind === 'never-ready') return { ...common, plan: { kind: 'never-ready' }, granted: wanted };
  if (outcome?.kind === 'fails') return failure(outcome.message ?? FAILED);
  if (outcome?.kind === 'no-capacity' || !available) return failure(NO_CAPACITY);
  const granted = outcome?.kind === 'partial-capacity' ? Math.min(outcome.nodes, wanted) : wanted;
  return { ...common, plan: { kind: 'ready', readyAtMs }, granted };
}
