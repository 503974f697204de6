import { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { examples, GROUPS } from '../help.ts';
import { describeText } from '../print/describe.ts';

export const describeCommand = ({ show, withMuster }: CommandContext): Command =>
  new Command('describe')
    .description('all that is known of a request, and what may be done about it')
    .helpGroup(GROUPS.requests)
    .argument('<requestId>', 'also one whose run Temporal has forgotten: the ledger remembers it')
    .addHelpText('after', examples('muster describe fine-tune', 'muster --json describe fine-tune'))
    .action(async (requestId: string) => {
      const report = await withMuster((muster) => muster.describe(requestId));
      show(report, describeText(report));
    });
