import { Command } from 'commander';
import { follow, followRunning } from '../../follow.ts';
import type { RequestView } from '../../views.ts';
import { live } from '../../terminal/live.ts';
import { showOn } from '../../terminal/request-line.ts';
import type { CommandContext } from '../context.ts';
import { examples, GROUPS } from '../help.ts';

export const watchCommand = ({ isJson, withMuster }: CommandContext): Command =>
  new Command('watch')
    .description('show requests as they move; Ctrl-C stops looking, not the requests')
    .helpGroup(GROUPS.requests)
    .argument('[requestId...]', 'until all of these have ended; without any: all that run, and go on')
    .addHelpText(
      'after',
      examples(
        'muster watch fine-tune pretrain',
        ['muster watch', 'everything that runs, also what starts later'],
        ['muster --json watch fine-tune', 'one JSON document a line, at each change'],
      ),
    )
    .action(async (requestIds: string[]) => {
      await withMuster(async (muster) => {
        const stop = new AbortController();
        process.once('SIGINT', () => {
          stop.abort();
        });
        const view = isJson() ? jsonLines() : onScreen(requestIds);
        try {
          if (requestIds.length > 0) await follow(muster, requestIds, view.show, stop.signal);
          else await followRunning(muster, view.show, stop.signal);
        } finally {
          view.stop();
        }
      });
    });

interface View {
  readonly show: (view: RequestView) => void;
  readonly stop: () => void;
}

function onScreen(requestIds: readonly string[]): View {
  const lines = live();
  return {
    show: showOn(lines, requestIds),
    stop: () => {
      lines.stop();
    },
  };
}

/** A line a change: what was told already is not told again. */
function jsonLines(): View {
  const told = new Map<string, string>();
  return {
    show: (view) => {
      const text = JSON.stringify(view);
      if (told.get(view.requestId) !== text) console.log(text);
      told.set(view.requestId, text);
    },
    stop: () => undefined,
  };
}
