import { z } from 'zod';
import { Ms } from './durations.ts';

/** How long a new cluster stays invisible, for the durations of a provider. No provider publishes them, so they are off. */
export const VISIBILITY_LAGS = {
  /** Reads by name or id do not find a new cluster for so long. */
  getLagMs: Ms.default(0),
  /** Lists do not show a new cluster for so long. */
  listLagMs: Ms.default(0),
};

/** From when a new cluster is visible, for the state of a provider. Simulated milliseconds since the epoch. */
export const VISIBLE_FROM = { visibleToGetAtMs: z.number(), visibleToListAtMs: z.number() };

/** When something created at this time becomes visible. */
export function visibleFrom(
  createdAtMs: number,
  lags: { readonly getLagMs: number; readonly listLagMs: number },
): { visibleToGetAtMs: number; visibleToListAtMs: number } {
  return { visibleToGetAtMs: createdAtMs + lags.getLagMs, visibleToListAtMs: createdAtMs + lags.listLagMs };
}

/** Whether something no longer exists at this time. */
export function isGone({ goneAtMs }: { readonly goneAtMs?: number | undefined }, nowMs: number): boolean {
  return goneAtMs !== undefined && goneAtMs <= nowMs;
}
