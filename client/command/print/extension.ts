import pc from 'picocolors';
import type { Creation } from '../../../contracts/creation.ts';
import { formatMicros } from '../../../contracts/money.ts';
import { duration, moment } from '../../terminal/time.ts';
import { fields } from './fields.ts';

/** The new end of a lease, and what is held for it; `moreMicros` null where nobody knows what was held before. */
export function extensionText(
  { requestId, leaseUntilMs, holdMicros }: Creation,
  moreMicros: number | null,
  nowMs = Date.now(),
): string {
  const end = leaseUntilMs === null ? null : `${moment(leaseUntilMs)}, in ${duration(leaseUntilMs - nowMs)}`;
  const more = moreMicros === null ? '' : `, ${formatMicros(moreMicros)} more than before`;
  return [
    `${pc.bold(requestId)}  ${pc.green('extended')}`,
    ...fields([
      ['ends', end],
      ['held', `${formatMicros(holdMicros)}${more}`],
    ]),
  ].join('\n');
}
