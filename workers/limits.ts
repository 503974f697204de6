/** Bounds of workers. All are policy: starting points, to be measured. */

/** Workflow runs kept in memory. An evicted run replays from its history. */
export const MAX_CACHED_WORKFLOWS = 500;

/** Steps a second that all workers of a provider's queue together may start: vendors throttle an account, not a process. */
export const PROVIDER_ACTIVITIES_PER_SECOND = 10;

/** Steps that one provider worker runs at once. */
export const PROVIDER_CONCURRENCY = 20;

/** Steps that the ledger worker runs at once: as many as its pool has connections. */
export const LEDGER_CONCURRENCY = 8;

/** Longest time that the SDK holds a heartbeat back, ms. Its default, 80 % of the heartbeat timeout, lets no heartbeat be lost. */
export const LONGEST_HEARTBEAT_PAUSE_MS = 10_000;

/** How long running steps may take to finish at shutdown, ms: one provider call (30 s) with its ledger calls. */
export const SHUTDOWN_GRACE_MS = 35_000;

/** Regions that one provider worker sweeps at once: more than any provider has. */
export const MONITORS_PER_WORKER = 50;

/** Runs of monitors kept in memory. Each wakes once an hour. */
export const MAX_CACHED_MONITORS = 10;
