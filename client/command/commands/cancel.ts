import { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { examples, HELP_GROUPS } from '../help.ts';

export const cancelCommand = ({ print, who, withMuster }: CommandContext): Command =>
  new Command('cancel')
    .description('cancel a request that is not ready, and delete what it created')
    .helpGroup(HELP_GROUPS.requests)
    .argument('<requestId>')
    .option('--why <text>', 'a reason for the record', '')
    .addHelpText('after', examples('muster cancel fine-tune', "muster cancel fine-tune --why 'wrong region'"))
    .action(async (requestId: string, { why }: { why: string }) => {
      const result = await withMuster((muster) => muster.cancel(requestId, { who: who(), why }));
      print(result, `${requestId}: ${result.outcome}`);
    });
