import pc from 'picocolors';
import type { Creation } from '../../../contracts/creation.ts';
import { formatMicros } from '../../../contracts/money.ts';
import { formatDuration, formatTime } from '../../terminal/time.ts';
import { fields } from './fields.ts';

/** The new end of a lease, and its hold. `moreMicros`: by how much the hold grew; null when that is not known. */
export function extensionText(
  { requestId, leaseUntilMs, holdMicros }: Creation,
  moreMicros: number | null,
  nowMs = Date.now(),
): string {
  const end = leaseUntilMs === null ? null : `${formatTime(leaseUntilMs)}, in ${formatDuration(leaseUntilMs - nowMs)}`;
  const more = moreMicros === null ? '' : `, ${formatMicros(moreMicros)} more than before`;
  return [
    `${pc.bold(requestId)}  ${pc.green('extended')}`,
    ...fields([
      ['ends', end],
      ['held', `${formatMicros(holdMicros)}${more}`],
    ]),
  ].join('\n');
}
