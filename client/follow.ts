import { setTimeout as delay } from 'node:timers/promises';
import type { Muster, RequestView } from './muster.ts';

/** Time between two looks (policy); more requests at once are looked at less often, so that a server is not flooded. */
const LOOK_EVERY_MS = 500;
const LOOK_EVERY_EACH_MS = 20;

/** Runs that Temporal still works on; a run that continues as new goes on under the same id. */
const GOING = new Set(['RUNNING', 'CONTINUED_AS_NEW']);

/** Whether a request's run has come to its end. */
export const hasEnded = (view: RequestView): boolean => !GOING.has(view.run);

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
    going = views.filter((view) => !hasEnded(view)).map(({ requestId }) => requestId);
    const pause = Math.max(LOOK_EVERY_MS, going.length * LOOK_EVERY_EACH_MS);
    if (going.length > 0) await delay(pause, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}
