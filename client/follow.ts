import { setTimeout as delay } from 'node:timers/promises';
import type { Muster } from './muster.ts';
import type { RequestView } from './views.ts';
import { isGoing } from './run-phase.ts';

/** Time between two looks (policy); more requests at once are looked at less often, so that a server is not flooded. */
const LOOK_EVERY_MS = 500;
const LOOK_EVERY_EACH_MS = 20;

/**
 * Tells where requests are, at every look, until all have ended or the signal comes. Reads only: neither events nor
 * billable actions.
 * @throws NotFoundError, UnreachableError
 */
export async function follow(
  muster: Pick<Muster, 'status'>,
  requestIds: readonly string[],
  onView: (view: RequestView) => void,
  signal?: AbortSignal,
): Promise<void> {
  let going = [...requestIds];
  while (going.length > 0 && signal?.aborted !== true) {
    const views = await Promise.all(going.map((requestId) => muster.status(requestId)));
    for (const view of views) onView(view);
    going = views.filter((view) => isGoing(view.run)).map(({ requestId }) => requestId);
    const pause = Math.max(LOOK_EVERY_MS, going.length * LOOK_EVERY_EACH_MS);
    if (going.length > 0) await delay(pause, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}

/** Time between two looks at what runs (policy): each is a list and a status a request. */
const LOOK_AROUND_EVERY_MS = 2_000;
/** Requests that one look follows; a screen shows no more. */
const FOLLOWED_AT_ONCE = 100;

/**
 * Tells where all requests are that run, those that begin meanwhile included, until the signal comes. Each is told once
 * more when it has ended.
 * @throws UnreachableError
 */
export async function followRunning(
  muster: Pick<Muster, 'list' | 'status'>,
  onView: (view: RequestView) => void,
  signal: AbortSignal,
): Promise<void> {
  let last: readonly string[] = [];
  while (!signal.aborted) {
    const { requests } = await muster.list({ running: true, limit: FOLLOWED_AT_ONCE });
    const running = requests.map(({ requestId }) => requestId);
    const seen = new Set([...running, ...last]);
    for (const view of await Promise.all([...seen].map((requestId) => muster.status(requestId)))) onView(view);
    last = running;
    await delay(LOOK_AROUND_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
