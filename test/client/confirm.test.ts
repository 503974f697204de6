import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirmAt, type Questions } from '../../client/command/confirm.ts';

/** Somebody at a terminal: what is asked can be read, and answers are typed. */
function somebody(): { questions: Questions; asked: () => string; type: (text: string) => void; leave: () => void } {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let text = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return {
    questions: confirmAt({ input, output }),
    asked: () => text,
    type: (line) => input.write(line),
    leave: () => input.end(),
  };
}

describe('a question', () => {
  it.each([
    ['y', 'yes'],
    ['YES', 'yes'],
    [' y ', 'yes'],
    ['n', 'no'],
    ['', 'no'],
    ['yellow', 'no'],
    ['of course', 'no'],
  ])('answered with "%s" is answered with %s', async (typed, reply) => {
    const { questions, asked, type } = somebody();
    const answer = questions.ask('Restore?');
    type(`${typed}\n`);
    expect(await answer).toBe(reply);
    expect(asked()).toContain('Restore? [y/N] ');
    questions.close();
  });

  it('follows another', async () => {
    const { questions, type } = somebody();
    const first = questions.ask('One?');
    type('y\n');
    expect(await first).toBe('yes');
    const second = questions.ask('Two?');
    type('\n');
    expect(await second).toBe('no');
    questions.close();
  });

  it('that nobody answers any more ends, as does each after it', async () => {
    const { questions, leave } = somebody();
    const answer = questions.ask('Restore?');
    leave();
    expect(await answer).toBe('ended');
    expect(await questions.ask('And this?')).toBe('ended');
  });
});
