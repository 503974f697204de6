import { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { printOutcomes } from '../print-outcomes.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { statusText } from '../print/status.ts';

export const statusCommand = (context: CommandContext): Command =>
  new Command('status')
    .description('show the state of a request')
    .helpGroup(HELP_GROUPS.requests)
    .argument('<requestId>')
    .option('--wait', 'wait until it ends; exit code 1 when it fails')
    .addHelpText('after', examples('muster status fine-tune', 'muster status fine-tune --wait'))
    .action(async (requestId: string, { wait }: { wait?: boolean }) => {
      await context.withMuster(async (muster) => {
        if (wait === true) {
          await printOutcomes(context, muster, [requestId]);
          return;
        }
        const view = await muster.status(requestId);
        context.print(view, statusText(view));
      });
    });
