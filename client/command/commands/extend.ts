import { Command, Option } from 'commander';
import type { ExtendOrder } from '../../../contracts/operations.ts';
import type { CommandContext } from '../context.ts';
import { examples, GROUPS } from '../help.ts';
import { future, span } from '../options.ts';
import { extensionText } from '../print/extension.ts';
import { UsageError } from '../usage.ts';

interface Options {
  readonly by?: number;
  readonly until?: number;
  readonly why: string;
}

export const extendCommand = ({ show, who, withMuster }: CommandContext): Command =>
  new Command('extend')
    .description('let the ready cluster of a request live longer; the money for it is held first')
    .helpGroup(GROUPS.clusters)
    .argument('<requestId>')
    .addOption(
      new Option('--by <duration>', 'so much longer than now planned: 30m, 4h, 2d').argParser(span).conflicts('until'),
    )
    .addOption(
      new Option('--until <time>', 'to a time such as 2026-11-21T18:00Z').argParser((text: string) => future(text)),
    )
    .option('--why <text>', 'a reason for the record', '')
    .addHelpText(
      'after',
      examples('muster extend fine-tune --by 4h', 'muster extend fine-tune --until 2026-11-21T18:00Z'),
    )
    .action(async (requestId: string, { by, until, why }: Options) => {
      const end = outcomeOf(by, until);
      await withMuster(async (muster) => {
        const before = (await muster.describe(requestId)).record?.creations.at(-1);
        const reply = await muster.extend(requestId, end, { who: who(), why });
        const { creation } = reply;
        const moreMicros = creation.key === before?.key ? creation.holdMicros - before.holdMicros : null;
        show({ ...reply, moreMicros }, extensionText(creation, moreMicros));
      });
    });

function outcomeOf(byMs: number | undefined, untilMs: number | undefined): ExtendOrder['end'] {
  if (byMs !== undefined) return { byMs };
  if (untilMs !== undefined) return { untilMs };
  throw new UsageError(
    'neither --by nor --until is given',
    'Say by how much it shall live longer, or until when.',
    'muster extend --help',
  );
}
