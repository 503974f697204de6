import pc from 'picocolors';
import { formatMicros } from '../../../contracts/money.ts';
import type { Plan } from '../../../contracts/plan.ts';
import { table } from '../../terminal/table.ts';
import { formatDuration } from '../../terminal/time.ts';

/** Price, hold and deadline of a request at each of its placements. */
export const planText = (plan: Plan): string =>
  `${pc.bold(plan.requestId)} for team ${plan.team}\n` +
  table(
    ['#', 'provider', 'region', 'nodes', 'price', 'ready within', 'maximum hold', 'price source'],
    plan.placements.map((each) => [
      String(each.placementIndex + 1),
      each.provider,
      each.region,
      String(each.nodesWanted),
      `${formatMicros(each.hourlyMicros)}/h`,
      formatDuration(each.readyTimeoutMs),
      formatMicros(each.holdMicros),
      each.priceSource,
    ]),
  );
