import { Command, Option } from 'commander';
import { JOURNAL_DEFAULT, JOURNAL_MAX } from '../../../contracts/limits.ts';
import type { CommandContext } from '../context.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { parseUsd, parseWholeNumber } from '../options.ts';
import { budgetsText, budgetText, journalText } from '../print/budget.ts';
import { UsageError } from '../usage.ts';

export const budgetCommand = (context: CommandContext): Command =>
  new Command('budget')
    .description('show budgets, set a limit, or list the movements of money')
    .helpGroup(HELP_GROUPS.money)
    .usage('show|set|journal [team] [options]')
    .argument('[words...]')
    .allowUnknownOption()
    .addCommand(showCommand(context))
    .addCommand(setCommand(context))
    .addCommand(journalCommand(context))
    .addHelpText(
      'after',
      examples('muster budget show', 'muster budget set research --limit 100000', 'muster budget journal research'),
    )
    .action((words: string[], _options: unknown, command: Command) => {
      if (words.length === 0) command.help();
      refuse(words);
    });

/** The first word is not a subcommand, often a team: suggests the command with that team. */
function refuse([first = '', ...rest]: readonly string[]): never {
  const isLimit = rest.some((word) => word.startsWith('--limit'));
  throw new UsageError(
    `muster budget has no command "${first}"`,
    'Use show, set or journal, and then the team.',
    isLimit ? `muster budget set ${[first, ...rest].join(' ')}` : `muster budget show ${first}`,
  );
}

const showCommand = ({ print, withMuster }: CommandContext): Command =>
  new Command('show')
    .description("show a team's limit and what it holds and spent; without a team, every team's")
    .argument('[team]')
    .addHelpText('after', examples('muster budget show', 'muster budget show research'))
    .action(async (team: string | undefined) => {
      await withMuster(async (muster) => {
        if (team === undefined) {
          const budgets = await muster.budgets();
          print(budgets, budgetsText(budgets));
        } else {
          const budget = await muster.budget(team);
          print(budget, budgetText(budget));
        }
      });
    });

const setCommand = ({ print, who, withMuster }: CommandContext): Command =>
  new Command('set')
    .description("set a team's limit; what is held or spent already stays")
    .argument('<team>')
    .requiredOption('--limit <usd>', 'the limit, in USD', parseUsd)
    .addOption(new Option('--period <period>', 'what the limit is for').choices(['total', 'month']).default('total'))
    .addHelpText(
      'after',
      examples('muster budget set research --limit 100000', 'muster budget set research --limit 5000 --period month'),
    )
    .action(async (team: string, { limit, period }: { limit: number; period: 'total' | 'month' }) => {
      const budget = await withMuster((muster) => muster.setBudget(team, period, limit, { who: who() }));
      print(budget, budgetText(budget));
    });

const journalCommand = ({ print, withMuster }: CommandContext): Command =>
  new Command('journal')
    .description("list the movements of a team's money, newest first")
    .argument('<team>')
    .option('--limit <n>', 'maximum number of lines', parseWholeNumber(1, JOURNAL_MAX), JOURNAL_DEFAULT)
    .option('--before <line>', 'only lines older than this one', parseWholeNumber(1, Number.MAX_SAFE_INTEGER))
    .addHelpText(
      'after',
      examples('muster budget journal research', [
        'muster --json budget journal research --before 120',
        'its field next is the value for --before',
      ]),
    )
    .action(async (team: string, { limit, before }: { limit: number; before?: number }) => {
      const journal = await withMuster((muster) => muster.journal({ team, limit, beforeId: before ?? null }));
      print(journal, journalText(journal));
    });
