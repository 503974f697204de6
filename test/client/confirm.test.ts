import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createPrompt, type Prompt } from '../../client/command/confirm.ts';

/** A user at a terminal, who sees questions and types answers. */
function aUser(): { prompt: Prompt; asked: () => string; type: (text: string) => void; leave: () => void } {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let text = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return {
    prompt: createPrompt({ input, output }),
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
  ])('with the answer "%s" gives %s', async (typed, reply) => {
    const { prompt, asked, type } = aUser();
    const answer = prompt.confirm('Restore?');
    type(`${typed}\n`);
    expect(await answer).toBe(reply);
    expect(asked()).toContain('Restore? [y/N] ');
    prompt.close();
  });

  it('can follow another', async () => {
    const { prompt, type } = aUser();
    const first = prompt.confirm('One?');
    type('y\n');
    expect(await first).toBe('yes');
    const second = prompt.confirm('Two?');
    type('\n');
    expect(await second).toBe('no');
    prompt.close();
  });

  it('ends when the input is closed, and so does each one after it', async () => {
    const { prompt, leave } = aUser();
    const answer = prompt.confirm('Restore?');
    leave();
    expect(await answer).toBe('ended');
    expect(await prompt.confirm('And this?')).toBe('ended');
  });
});
