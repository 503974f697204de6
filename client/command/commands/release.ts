import { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { examples, HELP_GROUPS } from '../help.ts';

const MEANINGS = {
  releasing: 'releasing; its lease deletes the cluster and books the cost',
  released: 'released already',
} as const;

export const releaseCommand = ({ print, who, withMuster }: CommandContext): Command =>
  new Command('release')
    .description('delete the ready cluster of a request, and book what it cost')
    .helpGroup(HELP_GROUPS.clusters)
    .argument('<requestId>')
    .option('--why <text>', 'a reason for the record', '')
    .addHelpText('after', examples('muster release fine-tune', "muster release fine-tune --why 'training is done'"))
    .action(async (requestId: string, { why }: { why: string }) => {
      const result = await withMuster((muster) => muster.release(requestId, { who: who(), why }));
      print(result, `${requestId}: ${MEANINGS[result.outcome]}`);
    });
