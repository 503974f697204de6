import { Command } from 'commander';
import type { Muster } from '../../muster.ts';
import { planOf } from '../../submit.ts';
import type { CommandContext } from '../context.ts';
import { printOutcomes } from '../print-outcomes.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { readRequests } from '../input.ts';

export const submitCommand = (context: CommandContext): Command =>
  new Command('submit')
    .description('start the requests of a file, or join those with the same ids')
    .helpGroup(HELP_GROUPS.requests)
    .requiredOption('-f, --file <file>', 'JSON or YAML file, - for standard input')
    .option('--wait', 'wait until all have ended; exit code 1 when one fails')
    .option('--again', 'start failed requests again')
    .addHelpText(
      'after',
      examples(
        ['muster submit -f examples/ready.yaml --wait', 'waits until the cluster is usable'],
        ['muster submit -f request.yaml --again', 'after you fixed the cause of a failure'],
      ),
    )
    .action(async ({ file, wait, again }: { file: string; wait?: boolean; again?: boolean }) => {
      const requests = readRequests(file);
      // All are checked before the first one starts.
      for (const request of requests) planOf(request);
      await context.withMuster(async (muster) => {
        const submitted = [];
        for (const request of requests) {
          submitted.push(await muster.submit(request as Parameters<Muster['submit']>[0], { again: again === true }));
        }
        if (wait === true) {
          const ids = submitted.map(({ requestId }) => requestId);
          await printOutcomes(context, muster, ids);
          return;
        }
        const lines = submitted.map((each) => `${each.outcome}  ${each.requestId}  (${each.workflowId})`);
        context.printAll(submitted, lines);
      });
    });
