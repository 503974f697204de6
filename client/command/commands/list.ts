import { Command, Option } from 'commander';
import type { FailureType } from '../../../contracts/failures.ts';
import { LIST_DEFAULT, LIST_MAX } from '../../../contracts/limits.ts';
import { PHASES, type Phase } from '../../../contracts/phases.ts';
import { PROVIDER_NAMES } from '../../../contracts/providers/registry.ts';
import { listQuery, REASONS } from '../../list-query.ts';
import type { CommandContext } from '../context.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { parseSince, parseWholeNumber } from '../options.ts';
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

export const listCommand = ({ print, withMuster }: CommandContext): Command =>
  new Command('list')
    .description('list requests: running ones first, then ended ones')
    .helpGroup(HELP_GROUPS.requests)
    .addOption(
      new Option('--phase <phase...>', 'only requests in this phase; several mean any of them').choices(PHASES),
    )
    .option('--team <team>', 'only requests of this team')
    .addOption(
      new Option('--provider <provider>', 'only requests whose last creation is at this provider').choices(
        PROVIDER_NAMES,
      ),
    )
    .option('--region <region>', 'only requests whose last creation is in this region')
    .addOption(new Option('--reason <type>', 'only requests whose last failure is this one').choices(REASONS))
    .option(
      '--since <when>',
      'only requests started since: a duration before now such as 90m, 2h, 3d, or a date such as 2026-11-01',
      (text) => parseSince(text),
    )
    .option('--running', 'only requests that are running')
    .option('--stopped', 'only requests whose run was terminated or timed out: what it created may still exist')
    .option('--limit <n>', 'maximum number of requests', parseWholeNumber(1, LIST_MAX), LIST_DEFAULT)
    .addHelpText(
      'after',
      examples(
        'muster list --running',
        ['muster list --phase waiting compensating --team research', 'either of two phases'],
        ['muster list --reason InsufficientCapacity --since 3d', 'in the last three days'],
        ['muster --json list --limit 1000', 'for programs'],
      ) + '\n\nLists the latest run of each request that Temporal still keeps. muster describe knows older ones too.',
    )
    .action(async ({ phase, since: sinceMs, ...rest }: Options) => {
      const filter = { ...rest, ...(phase && { phases: phase }), ...(sinceMs !== undefined && { sinceMs }) };
      // A wrong value is an error also when no server answers.
      listQuery(filter);
      const list = await withMuster((muster) => muster.list(filter));
      print(list, listText(list));
    });
