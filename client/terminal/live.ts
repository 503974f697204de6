import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import sliceAnsi from 'slice-ansi';
import { stopwatch } from './time.ts';

/** Something that takes its time, as one line. */
export interface LiveLine {
  /** Lines with the same id are one line that changes. */
  readonly id: string;
  readonly state: 'going' | 'ok' | 'failed';
  readonly text: string;
  /** When it began and, once over, ended, ms since the epoch. */
  readonly sinceMs: number;
  readonly untilMs?: number | null;
}

/** Lines that change while somebody looks. */
export interface Live {
  show(line: LiveLine): void;
  /** A sentence that stays. */
  say(text: string): void;
  /** Leaves the lines as they are; whatever is printed next comes below them. */
  stop(): void;
}

/** Where the lines go: a terminal redraws them, anything else gets a new line a change. */
export type LiveStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** Narrower terminals get this width cut off by the terminal itself. */
const DEFAULT_COLUMNS = 80;
/** Without a terminal, a line that has not changed says that it goes on: first after 15 s, then less and less often. */
const FIRST_REMINDER_MS = 15_000;
const LAST_REMINDER_MS = 10 * 60_000;

const MARKS = { ok: pc.green('✔'), failed: pc.red('✖') } as const;

/** Shows lines on a stream: in place with a running clock on a terminal, else plainly. */
export function live(stream: LiveStream = process.stdout): Live {
  return stream.isTTY === true ? onTerminal(stream) : onPaper(stream);
}

function lineText(line: LiveLine, mark: string): string {
  return `${mark} ${pc.dim(stopwatch((line.untilMs ?? Date.now()) - line.sinceMs).padStart(6))}  ${line.text}`;
}

function onTerminal(stream: LiveStream): Live {
  const update = createLogUpdate(stream);
  const lines = new Map<string, LiveLine>();
  let frame = 0;
  const draw = (): void => {
    const spinner = pc.cyan(FRAMES[frame % FRAMES.length] ?? '');
    const width = stream.columns ?? DEFAULT_COLUMNS;
    update(
      [...lines.values()]
        .map((line) => lineText(line, line.state === 'going' ? spinner : MARKS[line.state]))
        .map((text) => sliceAnsi(text, 0, width))
        .join('\n'),
    );
  };
  const timer = setInterval(() => {
    frame += 1;
    draw();
  }, FRAME_MS);
  timer.unref();
  return {
    show: (line) => {
      lines.set(line.id, line);
      draw();
    },
    say: (text) => {
      update.persist(text);
      draw();
    },
    stop: () => {
      clearInterval(timer);
      if (lines.size > 0) draw();
      update.done();
      // Stopped again, there is nothing to leave: the lines stand above what was printed since.
      lines.clear();
    },
  };
}

function onPaper(stream: LiveStream): Live {
  const shown = new Map<string, { line: LiveLine; timer: NodeJS.Timeout | undefined }>();
  const print = (text: string): void => {
    stream.write(`${text}\n`);
  };
  const remind = (line: LiveLine, afterMs: number): NodeJS.Timeout =>
    setTimeout(() => {
      print(lineText(line, '-'));
      shown.set(line.id, { line, timer: remind(line, Math.min(2 * afterMs, LAST_REMINDER_MS)) });
    }, afterMs).unref();
  return {
    show: (line) => {
      const last = shown.get(line.id);
      if (last?.line.text === line.text && last.line.state === line.state) return;
      clearTimeout(last?.timer);
      print(lineText(line, line.state === 'going' ? '-' : MARKS[line.state]));
      shown.set(line.id, { line, timer: line.state === 'going' ? remind(line, FIRST_REMINDER_MS) : undefined });
    },
    say: print,
    stop: () => {
      for (const { timer } of shown.values()) clearTimeout(timer);
    },
  };
}
