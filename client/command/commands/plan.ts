import { Command } from 'commander';
import type { DryRun } from '../../../contracts/health.ts';
import type { Muster } from '../../muster.ts';
import { planOf } from '../../submit.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { readRequests } from '../input.ts';
import { planText } from '../print/plan.ts';
import { checksText } from '../print/checks.ts';

export const planCommand = ({ printAll, withMuster }: CommandContext): Command =>
  new Command('plan')
    .description('check and price the requests of a file; creates and reserves nothing')
    .helpGroup(HELP_GROUPS.requests)
    .requiredOption('-f, --file <file>', 'JSON or YAML file, - for standard input')
    .option('--live', 'ask the workers too: check the budget, and the providers with their credentials')
    .addHelpText(
      'after',
      examples(
        ['muster plan -f examples/ready.yaml', 'needs no server'],
        ['muster plan -f examples/ready.yaml --live', 'exit code 1 when a check fails'],
        'cat request.json | muster plan -f -',
      ),
    )
    .action(async ({ file, live }: { file: string; live?: boolean }) => {
      const requests = readRequests(file);
      // The faults of all requests come before any worker is asked.
      const plans = requests.map((request) => planOf(request).plan);
      if (live !== true) {
        printAll(plans, plans.map(planText));
        return;
      }
      const runs = await withMuster((muster) =>
        Promise.all(requests.map((request) => muster.dryRun(request as Parameters<Muster['dryRun']>[0]))),
      );
      printAll(runs, runs.map(dryRunText));
      if (runs.some(({ checks }) => checks.some(({ state }) => state === 'failed'))) process.exitCode = EXIT.failed;
    });

const dryRunText = ({ plan, checks }: DryRun): string => `${planText(plan)}\n${checksText(checks)}`;
