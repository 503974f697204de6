import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import sliceAnsi from 'slice-ansi';
import { formatElapsed } from './time.ts';

/** Progress of one thing, as one line. */
export interface LiveLine {
  /** Names the line: a line with the same id replaces it. */
  readonly id: string;
  readonly state: 'running' | 'ok' | 'failed';
  readonly text: string;
  /** Start and, once it is over, end; ms since the epoch. */
  readonly sinceMs: number;
  readonly untilMs?: number | null;
}

/** Lines that are shown and updated. */
export interface LiveLines {
  show(line: LiveLine): void;
  /** Prints a text that stays above the lines. */
  print(text: string): void;
  /** Leaves the lines as they are. Later output comes below them. */
  stop(): void;
}

/** The output: a terminal redraws its lines, any other stream gets one more line for each change. */
export type LiveStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** Width of a terminal that does not report one. */
const DEFAULT_COLUMNS = 80;
/** Without a terminal, an unchanged line is printed again: first after 15 s, then after twice as long each time (policy). */
const FIRST_REMINDER_MS = 15_000;
const LAST_REMINDER_MS = 10 * 60_000;

const MARKS = { ok: pc.green('✔'), failed: pc.red('✖') } as const;

/** Lines on a stream: redrawn with a running clock on a terminal, else appended. */
export function createLiveLines(stream: LiveStream = process.stdout): LiveLines {
  return stream.isTTY === true ? redrawnLines(stream) : appendedLines(stream);
}

function lineText(line: LiveLine, mark: string): string {
  return `${mark} ${pc.dim(formatElapsed((line.untilMs ?? Date.now()) - line.sinceMs).padStart(6))}  ${line.text}`;
}

function redrawnLines(stream: LiveStream): LiveLines {
  const update = createLogUpdate(stream);
  const lines = new Map<string, LiveLine>();
  let frame = 0;
  const draw = (): void => {
    const spinner = pc.cyan(FRAMES[frame % FRAMES.length] ?? '');
    const width = stream.columns ?? DEFAULT_COLUMNS;
    update(
      [...lines.values()]
        .map((line) => lineText(line, line.state === 'running' ? spinner : MARKS[line.state]))
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
    print: (text) => {
      update.persist(text);
      draw();
    },
    stop: () => {
      clearInterval(timer);
      if (lines.size > 0) draw();
      update.done();
      // A second stop must not draw the lines again below later output.
      lines.clear();
    },
  };
}

function appendedLines(stream: LiveStream): LiveLines {
  const printed = new Map<string, { line: LiveLine; timer: NodeJS.Timeout | undefined }>();
  const print = (text: string): void => {
    stream.write(`${text}\n`);
  };
  const remind = (line: LiveLine, afterMs: number): NodeJS.Timeout =>
    setTimeout(() => {
      print(lineText(line, '-'));
      printed.set(line.id, { line, timer: remind(line, Math.min(2 * afterMs, LAST_REMINDER_MS)) });
    }, afterMs).unref();
  return {
    show: (line) => {
      const previous = printed.get(line.id);
      if (previous?.line.text === line.text && previous.line.state === line.state) return;
      clearTimeout(previous?.timer);
      print(lineText(line, line.state === 'running' ? '-' : MARKS[line.state]));
      printed.set(line.id, { line, timer: line.state === 'running' ? remind(line, FIRST_REMINDER_MS) : undefined });
    },
    print,
    stop: () => {
      for (const { timer } of printed.values()) clearTimeout(timer);
    },
  };
}
