import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { live, type LiveLine, type LiveStream } from '../../client/terminal/live.ts';

/** A stream that keeps what is written; with columns it is a terminal. */
function stream(columns?: number): { stream: LiveStream; text: () => string } {
  const through = new PassThrough();
  let text = '';
  through.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const made = Object.assign(through, columns === undefined ? {} : { isTTY: true, columns, rows: 24 });
  return { stream: made, text: () => stripVTControlCharacters(text) };
}

const going = (text: string, more: Partial<LiveLine> = {}): LiveLine => ({
  id: 'a',
  state: 'going',
  text,
  sinceMs: Date.now(),
  ...more,
});

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('without a terminal', () => {
  it('prints a line at each change and none for a repetition', () => {
    const { stream: to, text } = stream();
    const view = live(to);
    view.show(going('creating'));
    view.show(going('creating'));
    view.show(going('ready', { state: 'ok' }));
    view.stop();
    expect(text()).toBe('-   0:00  creating\n✔   0:00  ready\n');
  });

  it('says that it goes on, less and less often, and no more once it is over', () => {
    const { stream: to, text } = stream();
    const view = live(to);
    view.show(going('building'));
    vi.advanceTimersByTime(60_000);
    expect(text().trim().split('\n')).toEqual(['-   0:00  building', '-   0:15  building', '-   0:45  building']);
    view.show(going('building', { state: 'failed' }));
    const length = text().length;
    vi.advanceTimersByTime(3_600_000);
    expect(text()).toHaveLength(length);
    view.stop();
  });

  it('ends a clock at the end of what it measures', () => {
    const { stream: to, text } = stream();
    live(to).show(going('done', { state: 'ok', sinceMs: 0, untilMs: 3_725_000 }));
    expect(text()).toBe('✔ 1:02:05  done\n');
  });
});

describe('on a terminal', () => {
  it('redraws with a running clock, cuts lines at its width, and leaves the last picture', () => {
    const { stream: to, text } = stream(20);
    const view = live(to);
    view.show(going('a text that is longer than the terminal'));
    vi.advanceTimersByTime(2_000);
    expect(text()).toContain('0:02');
    expect(text()).not.toContain('longer');
    view.say('a note');
    view.show(going('over', { state: 'ok' }));
    view.stop();
    const lines = text().trim().split('\n');
    expect(lines.at(-1)).toMatch(/^✔ +0:00 {2}over$/);
    expect(text()).toContain('a note');
    const length = text().length;
    view.stop();
    expect(text().slice(length).trim()).toBe('');
  });
});
