import { Command } from 'commander';
import { follow, followRunning } from '../../follow.ts';
import type { RequestView } from '../../views.ts';
import { createLiveLines } from '../../terminal/live-lines.ts';
import { requestPrinter } from '../../terminal/request-lines.ts';
import type { CommandContext } from '../context.ts';
import { examples, HELP_GROUPS } from '../help.ts';

export const watchCommand = ({ isJson, withMuster }: CommandContext): Command =>
  new Command('watch')
    .description('show requests while they change; Ctrl-C ends the display, not the requests')
    .helpGroup(HELP_GROUPS.requests)
    .argument('[requestId...]', 'show these until all have ended; without any, show all running requests until Ctrl-C')
    .addHelpText(
      'after',
      examples(
        'muster watch fine-tune pretrain',
        ['muster watch', 'all running requests, also those that start later'],
        ['muster --json watch fine-tune', 'one line of JSON for each change'],
      ),
    )
    .action(async (requestIds: string[]) => {
      await withMuster(async (muster) => {
        const stop = new AbortController();
        process.once('SIGINT', () => {
          stop.abort();
        });
        const display = isJson() ? jsonLines() : liveDisplay(requestIds);
        try {
          if (requestIds.length > 0) await follow(muster, requestIds, display.show, stop.signal);
          else await followRunning(muster, display.show, stop.signal);
        } finally {
          display.stop();
        }
      });
    });

interface Display {
  readonly show: (view: RequestView) => void;
  readonly stop: () => void;
}

function liveDisplay(requestIds: readonly string[]): Display {
  const lines = createLiveLines();
  return {
    show: requestPrinter(lines, requestIds),
    stop: () => {
      lines.stop();
    },
  };
}

/** One line of JSON for each change. */
function jsonLines(): Display {
  const printed = new Map<string, string>();
  return {
    show: (view) => {
      const text = JSON.stringify(view);
      if (printed.get(view.requestId) !== text) console.log(text);
      printed.set(view.requestId, text);
    },
    stop: () => undefined,
  };
}
