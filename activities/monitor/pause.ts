/** No pause is shorter, however fast the provider's time runs, ms (policy): a sweep costs the machine something. */
const SHORTEST_PAUSE_MS = 500;

/** A pause of a monitor at its provider's speed, ms. */
export const monitorPauseMs = (ms: number, speed: number): number => Math.max(SHORTEST_PAUSE_MS, Math.ceil(ms / speed));
