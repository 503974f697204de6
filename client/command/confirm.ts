import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Where somebody is asked, and answers. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** `ended`: nobody answers any more, as after Ctrl-C or Ctrl-D. */
export type Reply = 'yes' | 'no' | 'ended';

/** Questions that are answered with yes or no; whatever is not a yes is a no. */
export interface Questions {
  ask(question: string): Promise<Reply>;
  close(): void;
}

export function confirmAt({ input, output }: Terminal): Questions {
  const lines = createInterface({ input, output });
  const ended = once(lines, 'close').then((): Reply => 'ended');
  return {
    ask: async (question) => {
      const answered = lines.question(`${question} [y/N] `).then(
        (answer): Reply => (/^\s*y(es)?\s*$/i.test(answer) ? 'yes' : 'no'),
        // Closed meanwhile, or before.
        (): Reply => 'ended',
      );
      const reply = await Promise.race([answered, ended]);
      // The question's line has no end yet.
      if (reply === 'ended') output.write('\n');
      return reply;
    },
    close: () => {
      lines.close();
    },
  };
}
