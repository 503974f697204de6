import pc from 'picocolors';
import { formatMicros } from '../../../contracts/money.ts';
import type { Trace } from '../../../contracts/reports.ts';
import { fields } from './fields.ts';

/** The row that a restore would write. */
export const traceText = ({ clusterId, key, creation }: Trace): string =>
  [
    pc.bold(clusterId),
    ...fields([
      ['request', `${creation.requestId}, creation ${creation.number}`],
      ['team', creation.team],
      ['location', `${creation.provider} in ${creation.region}`],
      ['price', `${formatMicros(creation.hourlyMicros)}/h`],
      // A lease whose end is past gets more time, so that its user can act.
      ['to be held', `at least ${formatMicros(creation.holdMicros)}`],
      ['state', creation.state],
      ['key', key],
    ]),
  ].join('\n');
