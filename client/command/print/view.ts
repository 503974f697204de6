import pc from 'picocolors';
import { formatMicros } from '../../../contracts/money.ts';
import type { RequestView } from '../../views.ts';
import { isStopped } from '../../run-phase.ts';
import { phaseText } from '../../terminal/phase.ts';
import { moment } from '../../terminal/time.ts';
import { fields } from './fields.ts';

/** The phase in its colour; of a run that was stopped from outside, that it is and where it was. */
export function whereText(run: string, phase: string | null, lastPhase: string | null | undefined): string {
  if (!isStopped(run)) return phaseText(phase ?? 'planning');
  const how = run.toLowerCase().replaceAll('_', ' ');
  return pc.red(lastPhase == null ? how : `${how} (was ${lastPhase})`);
}

/** What a request failed with or compensates for; of a ready one it is over, and said where it was passed over. */
export function failureText(view: RequestView | null): string | null {
  const failure = view?.status?.failure;
  if (failure == null || view?.phase === 'ready') return null;
  return `${pc.yellow(failure.type)}: ${failure.message}`;
}

/** Where a request is, in a few lines. */
export function viewText(view: RequestView): string {
  const { status } = view;
  const creation = status?.creation;
  const where = whereText(view.run, view.phase, status?.phase);
  // A run that ended knows nothing of what came after it: the ledger does.
  const isOver = view.phase === 'ready';
  return [
    `${pc.bold(view.requestId)}  ${where}  ${pc.dim(`run ${view.run.toLowerCase().replaceAll('_', ' ')}`)}`,
    ...fields([
      ['began', moment(view.startedAtMs)],
      ['ended', view.closedAtMs === null ? null : moment(view.closedAtMs)],
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
      ['deadline', status?.readyDeadlineMs == null ? null : moment(status.readyDeadlineMs)],
      ['failure', failureText(view)],
      ['page', view.url],
      [
        'its cluster',
        view.phase === 'ready' ? `${pc.cyan(`muster describe ${view.requestId}`)} tells whether it still lives` : null,
      ],
    ]),
  ].join('\n');
}
