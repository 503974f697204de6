import { Command, Option } from 'commander';
import type { ExtendOrder } from '../../../contracts/operations.ts';
import type { CommandContext } from '../context.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { parseFutureTime, parseDuration } from '../options.ts';
import { extensionText } from '../print/extension.ts';
import { UsageError } from '../usage.ts';

interface Options {
  readonly by?: number;
  readonly until?: number;
  readonly why: string;
}

export const extendCommand = ({ print, who, withMuster }: CommandContext): Command =>
  new Command('extend')
    .description('let the ready cluster of a request live longer; holds the money for it first')
    .helpGroup(HELP_GROUPS.clusters)
    .argument('<requestId>')
    .addOption(
      new Option('--by <duration>', 'how much longer than now planned: 30m, 4h, 2d')
        .argParser(parseDuration)
        .conflicts('until'),
    )
    .addOption(
      new Option('--until <time>', 'until a time such as 2026-11-21T18:00Z').argParser((text: string) =>
        parseFutureTime(text),
      ),
    )
    .option('--why <text>', 'a reason for the record', '')
    .addHelpText(
      'after',
      examples('muster extend fine-tune --by 4h', 'muster extend fine-tune --until 2026-11-21T18:00Z'),
    )
    .action(async (requestId: string, { by, until, why }: Options) => {
      const end = endOf(by, until);
      await withMuster(async (muster) => {
        const before = (await muster.describe(requestId)).record?.creations.at(-1);
        const result = await muster.extend(requestId, end, { who: who(), why });
        const { creation } = result;
        const moreMicros = creation.key === before?.key ? creation.holdMicros - before.holdMicros : null;
        print({ ...result, moreMicros }, extensionText(creation, moreMicros));
      });
    });

function endOf(byMs: number | undefined, untilMs: number | undefined): ExtendOrder['end'] {
  if (byMs !== undefined) return { byMs };
  if (untilMs !== undefined) return { untilMs };
  throw new UsageError(
    'neither --by nor --until is given',
    'Give one of them: by how much the lease is extended, or until when.',
    'muster extend --help',
  );
}
