/** No pause is shorter at any speed, ms (policy): a sweep takes CPU time. */
const SHORTEST_PAUSE_MS = 500;

/** A monitor's pause at its provider's speed, ms. */
export const monitorPauseMs = (ms: number, speed: number): number => Math.max(SHORTEST_PAUSE_MS, Math.ceil(ms / speed));
