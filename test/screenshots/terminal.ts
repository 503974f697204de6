import { spawn } from 'node:child_process';
import { SerializeAddon } from '@xterm/addon-serialize';
import xterm from '@xterm/headless';
import { childEnvironment } from '../../platform/config.ts';

const COLUMNS = 150;
const ROWS = 60;
/** The default colours. */
export const THEME = { foreground: '#d5dbef', background: '#1b1d2b' };

/** A command in its own terminal, whose screen can be read at any time. */
export interface TerminalRun {
  /** The screen as HTML, cut after its last line. */
  html(): string;
  /** The screen's text. */
  text(): string;
  /** Resolves when the screen shows a match. */
  shows(pattern: RegExp): Promise<void>;
  readonly ended: Promise<void>;
  interrupt(): void;
}

/** Runs a command line with util-linux's `script`, which gives it a real terminal. */
export function inTerminal(commandLine: string, cwd: string): TerminalRun {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true, theme: THEME });
  const serializer = new SerializeAddon();
  terminal.loadAddon(serializer);
  const sized = `stty cols ${COLUMNS} rows ${ROWS}; ${commandLine}`;
  const child = spawn('script', ['--quiet', '--return', '--command', sized, '/dev/null'], {
    cwd,
    env: { ...childEnvironment(), TERM: 'xterm-256color', FORCE_COLOR: '1' },
  });
  const screen = (): string =>
    Array.from({ length: ROWS }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '').join(
      '\n',
    );
  const watchers = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    terminal.write(chunk, () => {
      for (const each of [...watchers]) each();
    });
  });
  return {
    html: () => {
      const used = screen().trimEnd().split('\n').length;
      return serializer.serializeAsHTML({ onlySelection: false, range: { startLine: 0, endLine: used, startCol: 0 } });
    },
    text: screen,
    shows: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!pattern.test(screen())) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    ended: new Promise((resolve) => {
      child.once('close', () => {
        resolve();
      });
    }),
    // As Ctrl-C in the terminal.
    interrupt: () => {
      child.stdin.write('\u0003');
    },
  };
}
