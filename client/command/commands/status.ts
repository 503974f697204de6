import { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { printOutcomes } from '../print-outcomes.ts';
import { examples, GROUPS } from '../help.ts';
import { viewText } from '../print/view.ts';

export const statusCommand = (context: CommandContext): Command =>
  new Command('status')
    .description('where a request is')
    .helpGroup(GROUPS.requests)
    .argument('<requestId>')
    .option('--wait', 'wait for its end; exit code 1 where it fails')
    .addHelpText('after', examples('muster status fine-tune', 'muster status fine-tune --wait'))
    .action(async (requestId: string, { wait }: { wait?: boolean }) => {
      await context.withMuster(async (muster) => {
        if (wait === true) {
          await printOutcomes(context, muster, [requestId]);
          return;
        }
        const view = await muster.status(requestId);
        context.show(view, viewText(view));
      });
    });
