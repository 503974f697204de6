import { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { examples, GROUPS } from '../help.ts';

export const cancelCommand = ({ show, who, withMuster }: CommandContext): Command =>
  new Command('cancel')
    .description('cancel a request that is not ready: what it made is deleted, with proof')
    .helpGroup(GROUPS.requests)
    .argument('<requestId>')
    .option('--why <text>', 'a reason for the record', '')
    .addHelpText('after', examples('muster cancel fine-tune', "muster cancel fine-tune --why 'wrong region'"))
    .action(async (requestId: string, { why }: { why: string }) => {
      const reply = await withMuster((muster) => muster.cancel(requestId, { who: who(), why }));
      show(reply, `${requestId}: ${reply.outcome}`);
    });
