import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLiveLines, type LiveLine, type LiveStream } from '../../client/terminal/live-lines.ts';

/** A stream that keeps its text; with columns it is a terminal. */
function stream(columns?: number): { stream: LiveStream; text: () => string } {
  const through = new PassThrough();
  let text = '';
  through.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const output = Object.assign(through, columns === undefined ? {} : { isTTY: true, columns, rows: 24 });
  return { stream: output, text: () => stripVTControlCharacters(text) };
}

const line = (text: string, more: Partial<LiveLine> = {}): LiveLine => ({
  id: 'a',
  state: 'running',
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
  it('prints a line for each change and none for a repetition', () => {
    const { stream: to, text } = stream();
    const lines = createLiveLines(to);
    lines.show(line('creating'));
    lines.show(line('creating'));
    lines.show(line('ready', { state: 'ok' }));
    lines.stop();
    expect(text()).toBe('-   0:00  creating\n✔   0:00  ready\n');
  });

  it('prints an unchanged line again, less and less often, and never once it is over', () => {
    const { stream: to, text } = stream();
    const lines = createLiveLines(to);
    lines.show(line('building'));
    vi.advanceTimersByTime(60_000);
    expect(text().trim().split('\n')).toEqual(['-   0:00  building', '-   0:15  building', '-   0:45  building']);
    lines.show(line('building', { state: 'failed' }));
    const length = text().length;
    vi.advanceTimersByTime(3_600_000);
    expect(text()).toHaveLength(length);
    lines.stop();
  });

  it('stops the clock of a line that is over', () => {
    const { stream: to, text } = stream();
    createLiveLines(to).show(line('done', { state: 'ok', sinceMs: 0, untilMs: 3_725_000 }));
    expect(text()).toBe('✔ 1:02:05  done\n');
  });
});

describe('on a terminal', () => {
  it('redraws with a running clock, cuts lines at its width, and leaves the last state', () => {
    const { stream: to, text } = stream(20);
    const lines = createLiveLines(to);
    lines.show(line('a text that is longer than the terminal'));
    vi.advanceTimersByTime(2_000);
    expect(text()).toContain('0:02');
    expect(text()).not.toContain('longer');
    lines.print('a note');
    lines.show(line('over', { state: 'ok' }));
    lines.stop();
    const drawn = text().trim().split('\n');
    expect(drawn.at(-1)).toMatch(/^✔ +0:00 {2}over$/);
    expect(text()).toContain('a note');
    const length = text().length;
    lines.stop();
    expect(text().slice(length).trim()).toBe('');
  });
});
