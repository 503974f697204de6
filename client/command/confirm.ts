import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Where a question is printed, and where its answer is read. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** The answer to a question. `ended`: the input is closed, as after Ctrl-C or Ctrl-D. */
export type Confirmation = 'yes' | 'no' | 'ended';

/** Asks for confirmation at a terminal. Every answer but a yes counts as no. */
export interface Prompt {
  confirm(question: string): Promise<Confirmation>;
  close(): void;
}

export function createPrompt({ input, output }: Terminal): Prompt {
  const lines = createInterface({ input, output });
  const ended = once(lines, 'close').then((): Confirmation => 'ended');
  return {
    confirm: async (question) => {
      const answer = lines.question(`${question} [y/N] `).then(
        (text): Confirmation => (/^\s*y(es)?\s*$/i.test(text) ? 'yes' : 'no'),
        // The input was closed.
        (): Confirmation => 'ended',
      );
      const confirmation = await Promise.race([answer, ended]);
      // The cursor is still on the line of the question.
      if (confirmation === 'ended') output.write('\n');
      return confirmation;
    },
    close: () => {
      lines.close();
    },
  };
}
