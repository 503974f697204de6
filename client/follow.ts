import { setTimeout as delay } from 'node:timers/promises';
import type { Muster } from './muster.ts';
import type { RequestView } from './views.ts';
import { isRunning } from './run-phase.ts';

/** Pause between two reads of all requests (policy). It grows with their number, to bound the calls a second. */
const POLL_INTERVAL_MS = 500;
const POLL_INTERVAL_PER_REQUEST_MS = 20;

/**
 * Reads requests again and again, and passes each one to `onView`, until all have ended or the signal aborts. Adds no
 * events to histories and costs no billable actions.
 * @throws NotFoundError, UnreachableError
 */
export async function follow(
  muster: Pick<Muster, 'status'>,
  requestIds: readonly string[],
  onView: (view: RequestView) => void,
  signal?: AbortSignal,
): Promise<void> {
  let running = [...requestIds];
  while (running.length > 0 && signal?.aborted !== true) {
    const views = await Promise.all(running.map((requestId) => muster.status(requestId)));
    for (const view of views) onView(view);
    running = views.filter((view) => isRunning(view.run)).map(({ requestId }) => requestId);
    const pause = Math.max(POLL_INTERVAL_MS, running.length * POLL_INTERVAL_PER_REQUEST_MS);
    if (running.length > 0) await delay(pause, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}

/** Pause between two lists of the running requests (policy): each costs a list and a status a request. */
const LIST_INTERVAL_MS = 2_000;
/** Requests followed at once (policy): a screen shows no more. */
const MAX_FOLLOWED = 100;

/**
 * Passes all running requests to `onView` again and again, new ones included, until the signal aborts. A request that has
 * ended is passed once more.
 * @throws UnreachableError
 */
export async function followRunning(
  muster: Pick<Muster, 'list' | 'status'>,
  onView: (view: RequestView) => void,
  signal: AbortSignal,
): Promise<void> {
  let previous: readonly string[] = [];
  while (!signal.aborted) {
    const { requests } = await muster.list({ running: true, limit: MAX_FOLLOWED });
    const running = requests.map(({ requestId }) => requestId);
    const followed = new Set([...running, ...previous]);
    for (const view of await Promise.all([...followed].map((requestId) => muster.status(requestId)))) onView(view);
    previous = running;
    await delay(LIST_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}
