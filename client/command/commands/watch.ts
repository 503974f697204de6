import { Command } from 'commander';
import { follow } from '../../follow.ts';
import { live } from '../../terminal/live.ts';
import { followLive } from '../../terminal/request-line.ts';
import type { CommandContext } from '../context.ts';
import { examples, GROUPS } from '../help.ts';

export const watchCommand = ({ isJson, withMuster }: CommandContext): Command =>
  new Command('watch')
    .description('show requests as they move, until all have ended; Ctrl-C stops looking, not the requests')
    .helpGroup(GROUPS.requests)
    .argument('<requestId...>')
    .addHelpText(
      'after',
      examples('muster watch fine-tune', ['muster --json watch fine-tune', 'one JSON document a line, at each change']),
    )
    .action(async (requestIds: string[]) => {
      await withMuster(async (muster) => {
        if (isJson()) {
          const last = new Map<string, string>();
          await follow(muster, requestIds, (view) => {
            const text = JSON.stringify(view);
            if (last.get(view.requestId) !== text) console.log(text);
            last.set(view.requestId, text);
          });
          return;
        }
        const view = live();
        try {
          await followLive(muster, requestIds, view);
        } finally {
          view.stop();
        }
      });
    });
