import { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { examples, HELP_GROUPS } from '../help.ts';

const MEANINGS = {
  cancelling: 'cancelling; its workflow deletes what it created',
  cleaning: 'cancelled; a cleanup deletes what it created',
  recorded: 'cancelled; nothing was created, and nothing will be',
} as const;

export const cancelCommand = ({ print, who, withMuster }: CommandContext): Command =>
  new Command('cancel')
    .description('cancel a request that is not ready, and delete what it created')
    .helpGroup(HELP_GROUPS.requests)
    .argument('<requestId>')
    .option('--why <text>', 'a reason for the record', '')
    .addHelpText('after', examples('muster cancel fine-tune', "muster cancel fine-tune --why 'wrong region'"))
    .action(async (requestId: string, { why }: { why: string }) => {
      const result = await withMuster((muster) => muster.cancel(requestId, { who: who(), why }));
      print(result, `${requestId}: ${MEANINGS[result.outcome]}`);
    });
