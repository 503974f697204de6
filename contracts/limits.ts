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

/** Pause between looks at a cluster that is being created: the vendor's own tools poll every 15 s to a minute (policy). */
export const OBSERVE_POLL_MS = 30_000;

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

/** Budgets that one answer holds: some 200 bytes each, of a payload's 2 MB (policy). */
export const MAX_BUDGETS = 1_000;

/** Lines of a journal shown unless told otherwise, and at most: some 400 bytes each, of a payload's 2 MB (policy). */
export const JOURNAL_DEFAULT = 30;
export const JOURNAL_MAX = 1_000;
