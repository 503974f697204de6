import pc from 'picocolors';
import { formatMicros } from '../../contracts/money.ts';
import { PHASES } from '../../contracts/phases.ts';
import { follow } from '../follow.ts';
import type { Muster } from '../muster.ts';
import type { RequestView } from '../views.ts';
import { isRunning, isStopped } from '../run-phase.ts';
import type { LiveLines, LiveLine } from './live-lines.ts';
import { phaseText } from './phase.ts';

const PHASE_WIDTH = Math.max(...PHASES.map((phase) => phase.length));

/** A request as a line: its phase, location, price, hold and last failure. */
function requestLine(view: RequestView, idWidth = 0): LiveLine {
  const { status } = view;
  const creation = status?.creation;
  const phase = phaseName(view);
  const parts = [pc.bold(view.requestId.padEnd(idWidth)), phaseText(phase, PHASE_WIDTH)];
  if (creation) {
    parts.push(`${creation.provider} ${creation.region}`);
    if (status.placements > 1) parts.push(pc.dim(`placement ${creation.placementIndex + 1} of ${status.placements}`));
    parts.push(`${formatMicros(creation.hourlyMicros)}/h`);
    if (holds(creation.state)) parts.push(`${formatMicros(creation.holdMicros)} held`);
  }
  // The failure of a ready request is why it skipped a placement: its result lists those.
  if (status?.failure && phase !== 'ready') parts.push(pc.yellow(status.failure.type));
  return {
    id: view.requestId,
    state: isRunning(view.run) ? 'running' : phase === 'ready' ? 'ok' : 'failed',
    text: parts.join('  ').trimEnd(),
    sinceMs: view.startedAtMs,
    untilMs: view.closedAtMs,
  };
}

/** The phase; of a run that was terminated or timed out, its status. */
function phaseName(view: RequestView): string {
  return isStopped(view.run) ? view.run.toLowerCase().replace('_', ' ') : (view.phase ?? 'planning');
}

const holds = (state: string): boolean => state === 'open' || state === 'leased' || state === 'closing';

/** Shows requests as lines until all have ended, or the signal aborts. */
export async function showRequests(
  muster: Muster,
  requestIds: readonly string[],
  lines: LiveLines,
  signal?: AbortSignal,
): Promise<void> {
  await follow(muster, requestIds, requestPrinter(lines, requestIds), signal);
}

/** Shows a request as a line. The lines of `requestIds` are aligned in columns. */
export function requestPrinter(lines: LiveLines, requestIds: readonly string[]): (request: RequestView) => void {
  const idWidth = Math.max(0, ...requestIds.map((id) => id.length));
  return (request) => {
    lines.show(requestLine(request, idWidth));
  };
}
