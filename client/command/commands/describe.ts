import { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { describeText } from '../print/describe.ts';

export const describeCommand = ({ print, withMuster }: CommandContext): Command =>
  new Command('describe')
    .description('show all that is known of a request, and the commands that are safe now')
    .helpGroup(HELP_GROUPS.requests)
    .argument('<requestId>', 'may be one that Temporal has forgotten: the ledger keeps every request')
    .addHelpText('after', examples('muster describe fine-tune', 'muster --json describe fine-tune'))
    .action(async (requestId: string) => {
      const report = await withMuster((muster) => muster.describe(requestId));
      print(report, describeText(report));
    });
