import { Command, Option } from 'commander';
import type { FailureType } from '../../../contracts/failures.ts';
import { LIST_DEFAULT, LIST_MAX } from '../../../contracts/limits.ts';
import { PHASES, type Phase } from '../../../contracts/phases.ts';
import { PROVIDER_NAMES } from '../../../contracts/providers/registry.ts';
import { listQuery, REASONS } from '../../list-query.ts';
import type { CommandContext } from '../context.ts';
import { examples, GROUPS } from '../help.ts';
import { since, wholeNumber } from '../options.ts';
import { listText } from '../print/list.ts';

interface Options {
  readonly phase?: Phase[];
  readonly team?: string;
  readonly provider?: string;
  readonly region?: string;
  readonly reason?: FailureType;
  readonly since?: number;
  readonly running?: boolean;
  readonly stopped?: boolean;
  readonly limit: number;
}

export const listCommand = ({ show, withMuster }: CommandContext): Command =>
  new Command('list')
    .description('list requests: those that go on first, then those that ended last')
    .helpGroup(GROUPS.requests)
    .addOption(new Option('--phase <phase...>', 'in this phase; several mean any of them').choices(PHASES))
    .option('--team <team>', 'of this team')
    .addOption(new Option('--provider <provider>', 'whose last creation is at it').choices(PROVIDER_NAMES))
    .option('--region <region>', 'whose last creation is in it')
    .addOption(new Option('--reason <type>', 'that met this failure last').choices(REASONS))
    .option('--since <when>', 'begun since: a time ago such as 90m, 2h, 3d, or a date such as 2026-11-01', (text) =>
      since(text),
    )
    .option('--running', 'whose run goes on')
    .option('--stopped', 'whose run was stopped from outside: what it made may still stand')
    .option('--limit <n>', 'show at most so many', wholeNumber(1, LIST_MAX), LIST_DEFAULT)
    .addHelpText(
      'after',
      examples(
        'muster list --running',
        ['muster list --phase waiting compensating --team research', 'either of two phases'],
        ['muster list --reason InsufficientCapacity --since 3d', 'in the last three days'],
        ['muster --json list --limit 1000', 'for programs'],
      ) + '\n\nThe latest run of each request is listed, for as long as Temporal keeps it; describe remembers more.',
    )
    .action(async ({ phase, since: sinceMs, ...rest }: Options) => {
      const filter = { ...rest, ...(phase && { phases: phase }), ...(sinceMs !== undefined && { sinceMs }) };
      // A wrong value is told before a server is looked for.
      listQuery(filter);
      const list = await withMuster((muster) => muster.list(filter));
      show(list, listText(list));
    });
