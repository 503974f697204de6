/** Where a request is. `ready`, `failed` and `cancelled` are ends. */
export const PHASES = ['planning', 'creating', 'waiting', 'compensating', 'ready', 'failed', 'cancelled'] as const;

/** Where a request is; see {@link PHASES}. */
export type Phase = (typeof PHASES)[number];
