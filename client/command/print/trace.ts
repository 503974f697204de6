import pc from 'picocolors';
import { formatMicros } from '../../../contracts/money.ts';
import type { Trace } from '../../../contracts/reports.ts';
import { fields } from './fields.ts';

/** What would be restored. */
export const traceText = ({ clusterId, key, creation }: Trace): string =>
  [
    pc.bold(clusterId),
    ...fields([
      ['request', `${creation.requestId}, creation ${creation.number}`],
      ['team', creation.team],
      ['location', `${creation.provider} in ${creation.region}`],
      ['price', `${formatMicros(creation.hourlyMicros)}/h`],
      // More, where its end is past: it is given the time for somebody to look at it.
      ['to be held', `at least ${formatMicros(creation.holdMicros)}`],
      ['state', creation.state],
      ['key', key],
    ]),
  ].join('\n');
