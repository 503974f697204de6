/** Bounds of workers (policy), each a starting point to be measured. */

/** Workflow runs kept in memory; evicted ones replay from history. */
export const MAX_CACHED_WORKFLOWS = 500;

/** Calls a second that all workers of a provider's queue may start together: vendors throttle an account, not a process. */
export const PROVIDER_ACTIVITIES_PER_SECOND = 10;

/** Calls of one provider worker under way at once. */
export const PROVIDER_CONCURRENCY = 20;

/** Transactions of the ledger worker under way at once: as many as its pool has connections. */
export const LEDGER_CONCURRENCY = 8;

/** The SDK would hold a heartbeat back for 80 % of the silence that a step may keep, and leave none to be lost. */
export const LONGEST_HEARTBEAT_PAUSE_MS = 10_000;

/** On shutdown running activities may finish: at least one provider call (30 s) with its ledger calls. */
export const SHUTDOWN_GRACE_MS = 35_000;

/** Regions that one provider worker sweeps at once: more than any provider has (policy). */
export const MONITORS_PER_WORKER = 50;

/** Runs of monitors kept in memory: each wakes once an hour. */
export const MAX_CACHED_MONITORS = 10;
