import pc from 'picocolors';
import { formatMicros } from '../../../contracts/money.ts';
import type { RequestView } from '../../views.ts';
import { isStopped } from '../../run-phase.ts';
import { phaseText } from '../../terminal/phase.ts';
import { formatTime } from '../../terminal/time.ts';
import { fields } from './fields.ts';

/** The phase in its colour; of a run that was terminated or timed out, that status and its last phase. */
export function runPhaseText(run: string, phase: string | null, lastPhase: string | null | undefined): string {
  if (!isStopped(run)) return phaseText(phase ?? 'planning');
  const status = run.toLowerCase().replaceAll('_', ' ');
  return pc.red(lastPhase == null ? status : `${status} (was ${lastPhase})`);
}

/** The failure that a request ended with or compensates for. A ready request has none: skipped placements are listed apart. */
export function failureText(view: RequestView | null): string | null {
  const failure = view?.status?.failure;
  if (failure == null || view?.phase === 'ready') return null;
  return `${pc.yellow(failure.type)}: ${failure.message}`;
}

/** The state of a request, in a few lines. */
export function statusText(view: RequestView): string {
  const { status } = view;
  const creation = status?.creation;
  const where = runPhaseText(view.run, view.phase, status?.phase);
  // A run that ended ready does not know what its cluster became: the ledger does.
  const isOver = view.phase === 'ready';
  return [
    `${pc.bold(view.requestId)}  ${where}  ${pc.dim(`run ${view.run.toLowerCase().replaceAll('_', ' ')}`)}`,
    ...fields([
      ['started', formatTime(view.startedAtMs)],
      ['ended', view.closedAtMs === null ? null : formatTime(view.closedAtMs)],
      [
        'placement',
        creation && `${status.placementIndex + 1} of ${status.placements}: ${creation.provider} in ${creation.region}`,
      ],
      [
        'creation',
        creation && `${creation.key}${isOver ? '' : ` (${creation.state})`}, ${formatMicros(creation.hourlyMicros)}/h`,
      ],
      ['held', creation?.endedAtMs === null && !isOver ? formatMicros(creation.holdMicros) : null],
      ['cluster', creation?.clusterId],
      ['must be ready by', status?.readyDeadlineMs == null ? null : formatTime(status.readyDeadlineMs)],
      ['failure', failureText(view)],
      ['page', view.url],
      [
        'its cluster',
        view.phase === 'ready' ? `${pc.cyan(`muster describe ${view.requestId}`)} shows whether it still exists` : null,
      ],
    ]),
  ].join('\n');
}
