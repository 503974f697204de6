import pc from 'picocolors';
import { formatMicros } from '../../contracts/money.ts';
import { PHASES } from '../../contracts/phases.ts';
import { follow } from '../follow.ts';
import type { Muster } from '../muster.ts';
import type { RequestView } from '../views.ts';
import { isGoing, isStopped } from '../run-phase.ts';
import type { Live, LiveLine } from './live.ts';
import { phaseText } from './phase.ts';

const PHASE_WIDTH = Math.max(...PHASES.map((phase) => phase.length));

/** A request as a line that changes: its phase, where, its money, and what went wrong so far. */
function requestLine(view: RequestView, idWidth = 0): LiveLine {
  const { status } = view;
  const creation = status?.creation;
  const phase = shownPhase(view);
  const parts = [pc.bold(view.requestId.padEnd(idWidth)), phaseText(phase, PHASE_WIDTH)];
  if (creation) {
    parts.push(`${creation.provider} ${creation.region}`);
    if (status.placements > 1) parts.push(pc.dim(`placement ${creation.placementIndex + 1} of ${status.placements}`));
    parts.push(`${formatMicros(creation.hourlyMicros)}/h`);
    if (holds(creation.state)) parts.push(`${formatMicros(creation.holdMicros)} held`);
  }
  // A ready request may have passed placements over: its result says why.
  if (status?.failure && phase !== 'ready') parts.push(pc.yellow(status.failure.type));
  return {
    id: view.requestId,
    state: isGoing(view.run) ? 'going' : phase === 'ready' ? 'ok' : 'failed',
    text: parts.join('  ').trimEnd(),
    sinceMs: view.startedAtMs,
    untilMs: view.closedAtMs,
  };
}

/** The phase, or how the run was stopped from outside. */
function shownPhase(view: RequestView): string {
  return isStopped(view.run) ? view.run.toLowerCase().replace('_', ' ') : (view.phase ?? 'planning');
}

const holds = (state: string): boolean => state === 'open' || state === 'leased' || state === 'closing';

/** Shows requests until all have ended, or the signal comes. */
export async function followLive(
  muster: Muster,
  requestIds: readonly string[],
  view: Live,
  signal?: AbortSignal,
): Promise<void> {
  await follow(muster, requestIds, showOn(view, requestIds), signal);
}

/** Shows requests as lines; those that are known before stand in columns. */
export function showOn(view: Live, requestIds: readonly string[]): (request: RequestView) => void {
  const idWidth = Math.max(0, ...requestIds.map((id) => id.length));
  return (request) => {
    view.show(requestLine(request, idWidth));
  };
}
