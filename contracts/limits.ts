/*
 * Bounds that several files use. A number that is marked (policy) is our choice; any other says where it comes from. Without zod, because
 * workflows import this file.
 */

/** How long a claim lasts: the right to send one create. The adapter never sends later (policy: two longest HTTP calls). */
export const SEND_CLAIM_MS = 60_000;

/** Longest HTTP call to a provider (policy). A create that ends by it is ambiguous, never a refusal. */
export const PROVIDER_CALL_TIMEOUT_MS = 30_000;

/** How many pairs of list and get must miss a cluster before it counts as absent (policy): a new one becomes visible late. */
export const ABSENCE_SEARCHES = 3;

/** Pause between those pairs (policy). */
export const ABSENCE_SEARCH_PAUSE_MS = 2_000;

/** For this long after a create, a cluster that is not found counts as not visible yet (policy). */
export const VISIBILITY_GRACE_MS = 120_000;

/** Longest pause between two searches for a late cluster (policy): it bills from its creation on. */
export const LATE_CLUSTER_SEARCH_MS = 30_000;

/** Longest retry-after of a provider that we follow (policy): for longer a cluster would bill undeleted. */
export const MAX_RETRY_AFTER_MS = 120_000;

/** Default of `readyTimeoutMs` (policy): a creation takes 10 to 25 minutes at SageMaker, at most 35 were seen; doubled. */
export const DEFAULT_READY_TIMEOUT_MS = 70 * 60_000;

/** Bounds of `readyTimeoutMs`: a minute, and a week (policy). */
export const READY_TIMEOUT_MIN_MS = 60_000;
export const READY_TIMEOUT_MAX_MS = 7 * 24 * 3_600_000;

/** A lease without an end is funded a day at a time (policy). */
export const LEASE_SLICE_MS = 24 * 3_600_000;

/** Bounds of `durationMs`: a minute, and a year (policy). */
export const DURATION_MIN_MS = 60_000;
export const DURATION_MAX_MS = 365 * 24 * 3_600_000;

/** Most placements of a request (policy): each is tried in turn, and a page shows them all. */
export const MAX_PLACEMENTS = 10;

/** Most nodes that a result lists; the others are only counted. A payload may have 2 MB. */
export const MAX_LISTED_NODES = 500;

/** Longest vendor text in failures and pages, characters. A failure's text may have 4 KB. */
export const MAX_VENDOR_TEXT = 500;

/** Most pages of one listing, with 100 clusters each; a longer listing is an error (policy). */
export const MAX_LIST_PAGES = 1_000;

/** Pause between two reads of a cluster that is being deleted (policy). */
export const DELETE_POLL_MS = 15_000;

/** First pause of a waiting request when no placement gave a cluster, and how often it doubles: up to 16 min (policy). */
export const EXHAUSTED_PAUSE_MS = 60_000;
export const EXHAUSTED_PAUSE_DOUBLINGS = 4;

/** Most nodes whose address is read, with one call each (policy). */
export const MAX_DESCRIBED_NODES = 32;

/** Default length of a list of requests: a few screens (policy). */
export const LIST_DEFAULT = 50;

/** Most requests in one list: it is read and printed as a whole (policy). */
export const LIST_MAX = 1_000;

/** Most runs that one list searches for matching requests (policy). */
export const LIST_MAX_RUNS = 10_000;

/** Most ids in one visibility query, which may be a few kilobytes long (policy). */
export const LIST_BATCH = 50;

/** Most creations of a request in one answer: the newest, about 2 KB each, in a payload of 2 MB (policy). */
export const MAX_LISTED_CREATIONS = 50;

/** Most budgets in one answer: about 200 bytes each, in a payload of 2 MB (policy). */
export const MAX_BUDGETS = 1_000;

/** Lines of a journal by default, and at most: about 400 bytes each, in a payload of 2 MB (policy). */
export const JOURNAL_DEFAULT = 30;
export const JOURNAL_MAX = 1_000;

/** Pause between two sweeps while requests wait (policy): a ready cluster is noticed within it. With 100 waiting requests it
 *  costs 1.2 calls per hour and request. */
export const MONITOR_INTERVAL_MS = 30_000;

/** The same while there are only leases (policy: a broken cluster is noticed within it), and while there is nothing. */
export const MONITOR_LEASES_INTERVAL_MS = 120_000;
export const MONITOR_IDLE_INTERVAL_MS = 10 * 60_000;

/** Most pages that a monitor reads per second on average (policy). A long listing makes its interval longer. */
export const MONITOR_PAGES_PER_SECOND = 1;

/** Longest interval of a throttled monitor; it doubles up to this (policy). */
export const MONITOR_THROTTLED_MAX_MS = 5 * 60_000;

/** How often a monitor reads the ledger to see whether a sweep is due, which costs no provider call (policy). */
export const MONITOR_TICK_MS = 5_000;

/**
 * Another worker continues a monitor after this long without a heartbeat (policy). The SDK sends one after 80 % of this
 * time, a minute, and each is a billable action.
 */
export const MONITOR_HEARTBEAT_TIMEOUT_MS = 75_000;

/** How long one activity of a monitor runs before its workflow starts another (policy). */
export const MONITOR_RUN_MS = 60 * 60_000;

/** How often workers start monitors that do not run (policy): a terminated one is replaced within 90 s. */
export const MONITOR_KEEP_MS = 60_000;

/**
 * A monitor counts as alive while its last sweep is at most this many intervals old (policy). The time between two
 * heartbeats is added, because the time of the last sweep comes with a heartbeat.
 */
export const MONITOR_ALIVE_INTERVALS = 3;

/**
 * Longest pause before an owner is notified again of a change that it has not recorded (policy): nodes that join late are
 * noticed within it, and in a week it makes far fewer signals than the 10 000 that a history may have.
 */
export const RENOTIFY_MAX_MS = 5 * 60_000;

/** The same for leases (policy): they inspect their clusters every hour anyway. */
export const RENOTIFY_LEASE_MAX_MS = 60 * 60_000;

/** Owners that are notified at the same time (policy). */
export const NOTIFY_CONCURRENCY = 10;

/** How long a waiting workflow waits for a hint before it checks without one, +- 20 % (policy). With a live monitor it is half
 *  a day, longer than any creation takes; without one it is short. */
export const FALLBACK_MONITORED_MS = 12 * 3_600_000;
export const FALLBACK_UNMONITORED_MS = 10 * 60_000;
export const FALLBACK_JITTER = 0.2;

/** First and longest pause before a recheck of an unconfirmed hint; the pause doubles in between (policy). */
export const RECHECK_FIRST_MS = 2_000;
export const RECHECK_LAST_MS = 60_000;

/** How often a lease inspects its cluster without a hint, +- 20 % (policy): a listing does not show missing nodes. */
export const LEASE_INSPECTION_MS = 60 * 60_000;

/** Most cleanups that one sweep starts (policy): a mistake of ours must not reach far before somebody sees it. */
export const CLEANUPS_PER_SWEEP = 10;

/** How long an open creation without a running request waits for a resubmit that adopts it (policy). */
export const ORPHAN_GRACE_MS = 10 * 60_000;

/** Most findings of each kind in a region's audit: about 300 bytes each; ten regions fit a payload of 2 MB. */
export const MAX_FINDINGS_PER_KIND = 200;

/** How long before the end of a slice a lease holds the next one, and the pause before it tries again (policy). */
export const FUND_AHEAD_MS = 2 * 3_600_000;
export const FUND_RETRY_MS = 10 * 60_000;

/** How long before its end a lease warns (policy). */
export const LEASE_WARNINGS_MS: readonly number[] = [24 * 3_600_000, 3_600_000, 10 * 60_000];

/** How often a lease continues as a new run (policy): its history stays short, and it gets new code. */
export const LEASE_RUN_MS = 24 * 3_600_000;

/** How often a request is provisioned again after its cluster broke (policy): after that, something else is wrong. */
export const MAX_REPROVISIONS = 3;

/** How long a client waits for an operation: an order that no worker has carried out by then is reported (policy). */
export const OPERATION_TIMEOUT_MS = 30_000;

/** The same for audits of regions: listings are long, and are read page by page (policy). */
export const REGION_AUDIT_TIMEOUT_MS = 3 * 60_000;

/** Locations that one audit compares at the same time (policy). */
export const REGION_AUDITS_AT_ONCE = 4;

/** Clusters that an answer lists at most: some 1 KB each, of a payload's 2 MB (policy). */
export const MAX_CLUSTERS = 1_000;
