/**
 * Every bound with a name. Numbers marked (policy) are our choice; the rest say where they come from.
 * Zod-free: workflows import this file.
 */

/** A right to send one create ends this long after it was given; the adapter never sends later (policy: twice the longest HTTP call). */
export const SEND_CLAIM_MS = 60_000;

/** Every HTTP call to a provider stops itself after this; a timeout on create is ambiguous, never a refusal (policy). */
export const PROVIDER_CALL_TIMEOUT_MS = 30_000;

/** Pairs of list and get that must agree before a missing cluster counts as absent: creates become visible late (policy). */
export const ABSENCE_READS = 3;

/** Pause between those pairs (policy). */
export const ABSENCE_READ_GAP_MS = 2_000;

/** How long "not found" after a create that succeeded is taken for late visibility, not for loss (policy). */
export const VISIBILITY_GRACE_MS = 120_000;

/** Longest pause between looks while a send without an answer may still be born: what is born bills from then on (policy). */
export const LATE_CLUSTER_LOOK_MS = 30_000;

/** Longest pause that a provider's hint to come back later is followed for: a day would leave a cluster billing (policy). */
export const MAX_RETRY_AFTER_MS = 120_000;

/** Default of `readyTimeoutMs`: creation takes 10 to 25 minutes at SageMaker, 35 at the worst seen; doubled (policy). */
export const DEFAULT_READY_TIMEOUT_MS = 70 * 60_000;

/** Bounds of `readyTimeoutMs`: a minute, and a week (policy). */
export const READY_TIMEOUT_MIN_MS = 60_000;
export const READY_TIMEOUT_MAX_MS = 7 * 24 * 3_600_000;

/** A lease without an end is funded a day at a time (policy). */
export const LEASE_SLICE_MS = 24 * 3_600_000;

/** Bounds of `durationMs`: a minute, and a year (policy). */
export const DURATION_MIN_MS = 60_000;
export const DURATION_MAX_MS = 365 * 24 * 3_600_000;

/** Placements a request may list (policy: each is tried in turn, and a page must show them all). */
export const MAX_PLACEMENTS = 10;

/** Nodes whose addresses a result lists; the rest are counted (a payload may be 2 MB, a failure text 4 KB). */
export const MAX_LISTED_NODES = 500;

/** Longest text of a vendor that we repeat in failures and pages, characters: failure text is kept to 4 KB. */
export const MAX_VENDOR_TEXT = 500;

/** Pages read of one listing before it is an error: 100 clusters a page (policy). */
export const MAX_LIST_PAGES = 1_000;

/** Pause between looks at a cluster that is being deleted (policy). */
export const DELETE_POLL_MS = 15_000;

/** First pause after all placements were refused, for requests that wait, and how often it doubles: to 16 min (policy). */
export const EXHAUSTED_PAUSE_MS = 60_000;
export const EXHAUSTED_PAUSE_DOUBLINGS = 4;

/** Nodes whose address is read: one call each (policy). */
export const MAX_DESCRIBED_NODES = 32;

/** Requests that a list shows unless told otherwise: what fits a few screens (policy). */
export const LIST_DEFAULT = 50;

/** Requests that one list shows at most: it is read and printed whole (policy). */
export const LIST_MAX = 1_000;

/** Runs that a list looks through for requests that match, before it gives what it has (policy). */
export const LIST_MAX_RUNS = 10_000;

/** Ids that one visibility query names: a query is a few kilobytes of text (policy). */
export const LIST_BATCH = 50;

/** Creations of a request that one answer lists, the newest: some 2 KB each, of a payload's 2 MB (policy). */
export const MAX_LISTED_CREATIONS = 50;

/** Budgets that one answer holds: some 200 bytes each, of a payload's 2 MB (policy). */
export const MAX_BUDGETS = 1_000;

/** Lines of a journal shown unless told otherwise, and at most: some 400 bytes each, of a payload's 2 MB (policy). */
export const JOURNAL_DEFAULT = 30;
export const JOURNAL_MAX = 1_000;

/** Pause of the monitor between two sweeps while requests wait (policy: readiness is noticed within it; 1.2 calls an hour and
 *  request where 100 wait). */
export const MONITOR_INTERVAL_MS = 30_000;

/** The same while there are only leases (policy: a broken cluster is noticed within it), and while nothing of ours lives. */
export const MONITOR_LEASES_INTERVAL_MS = 120_000;
export const MONITOR_IDLE_INTERVAL_MS = 10 * 60_000;

/** Pages of a listing that a monitor reads a second, over time: more of them make its interval longer (policy). */
export const MONITOR_PAGES_PER_SECOND = 1;

/** Longest interval of a monitor that the provider throttles: it doubles up to here (policy). */
export const MONITOR_THROTTLED_MAX_MS = 5 * 60_000;

/** A monitor looks into the ledger this often, whether a sweep has become due; the ledger costs no provider call (policy). */
export const MONITOR_TICK_MS = 5_000;

/**
 * A sweep that heartbeats no more is taken up by another worker after this (policy). The SDK sends a heartbeat each 80 %
 * of it, a minute, and each is a billable action.
 */
export const MONITOR_HEARTBEAT_TIMEOUT_MS = 75_000;

/** How long one activity of a monitor sweeps before its workflow goes on in a new one (policy). */
export const MONITOR_RUN_MS = 60 * 60_000;

/** How often workers make sure that their monitors run (policy: a terminated one is back within 90 s). */
export const MONITOR_KEEP_MS = 60_000;

/**
 * A monitor whose last sweep is older than this many of its intervals does not count as alive (policy). What is known of the
 * sweep comes by heartbeat, so that the time between two of those is granted too.
 */
export const MONITOR_ALIVE_INTERVALS = 3;

/**
 * An owner that was told the same and has not recorded it is told again after ever longer pauses, up to this one (policy:
 * nodes that join late are noticed within it, and a week of it stays far below a history's 10 000 signals).
 */
export const RENOTIFY_MAX_MS = 5 * 60_000;

/** The same for leases: what a listing does not tell of their nodes they look for themselves, each hour (policy). */
export const RENOTIFY_LEASE_MAX_MS = 60 * 60_000;

/** Owners told at once (policy). */
export const NOTIFY_CONCURRENCY = 10;

/** Without a hint, a waiting workflow looks by itself: after half a day while its monitor is alive (policy: no cluster takes so long to
 *  be made, so a look of its own costs a usual wait nothing), else soon, +- 20 %. */
export const FALLBACK_MONITORED_MS = 12 * 3_600_000;
export const FALLBACK_UNMONITORED_MS = 10 * 60_000;
export const FALLBACK_JITTER = 0.2;

/** A hint that one look does not confirm is followed by looks after these pauses: from the first, doubled, to the last (policy). */
export const RECHECK_FIRST_MS = 2_000;
export const RECHECK_LAST_MS = 60_000;

/** A lease looks at its cluster by itself this often: a listing does not tell which nodes are missing (policy), +- 20 %. */
export const LEASE_INSPECTION_MS = 60 * 60_000;

/** Cleanups that one sweep starts at most: a mistake of ours must not reach far before somebody sees it (policy). */
export const CLEANUPS_PER_SWEEP = 10;

/** An open creation whose request does not run is left alone this long: a resubmit may take it up (policy). */
export const ORPHAN_GRACE_MS = 10 * 60_000;

/** Findings of each kind that a look at a place lists: some 300 bytes each, of ten places and a payload's 2 MB. */
export const MAX_STRAYS = 200;

/** The next slice of a lease is asked for this long before the last one ends, and again until it is held (policy). */
export const FUND_AHEAD_MS = 2 * 3_600_000;
export const FUND_RETRY_MS = 10 * 60_000;

/** Warnings come this long before the end of a lease (policy). */
export const LEASE_WARNINGS_MS: readonly number[] = [24 * 3_600_000, 3_600_000, 10 * 60_000];

/** A lease goes on in a new run this often: its history stays short, and new code is taken (policy). */
export const LEASE_RUN_MS = 24 * 3_600_000;

/** How often a request may be provisioned again after its cluster broke (policy: something else is wrong then). */
export const MAX_REPROVISIONS = 3;

/** How long a client waits for an operation: an order that no worker has carried out by then is reported (policy). */
export const OPERATION_TIMEOUT_MS = 30_000;

/** The same for audits of regions: listings are long, and are read page by page (policy). */
export const REGION_AUDIT_TIMEOUT_MS = 3 * 60_000;

/** Locations that one audit compares at the same time (policy). */
export const REGION_AUDITS_AT_ONCE = 4;

/** Clusters that an answer lists at most: some 1 KB each, of a payload's 2 MB (policy). */
export const MAX_CLUSTERS = 1_000;
