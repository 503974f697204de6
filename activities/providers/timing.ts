import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** How fast a provider's time runs, and the clocks that a step uses. */
export interface Timing {
  /** 1 for real providers. A local simulator runs faster: every wait is divided by this factor. */
  readonly speed: number;
  /** Waits between two reads, ms. The process's own timer unless a test replaces it. */
  readonly pause?: (ms: number) => Promise<unknown>;
  /** A clock that never jumps, ms. The process's own unless a test replaces it. */
  readonly monotonicMs?: () => number;
}

/** No scaled wait is shorter, ms (policy): a process must not poll without a pause. */
const SHORTEST_WAIT_MS = 50;

/** A wait at the provider's speed, ms. */
export const scaleBySpeed = (ms: number, { speed }: Timing): number =>
  Math.max(SHORTEST_WAIT_MS, Math.ceil(ms / speed));

/** Waits this long, ms as given: the caller has scaled it. */
export const pauseFor = (ms: number, { pause = sleep }: Timing): Promise<unknown> => pause(ms);

/** The time on a clock that never jumps, ms. */
export const monotonicMs = ({ monotonicMs: clock = () => performance.now() }: Timing): number => clock();
