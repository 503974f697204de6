import { spawn, type ChildProcess } from 'node:child_process';
import { childEnvironment } from '../../platform/config.ts';

/** `npm start`, running in a checkout. */
export interface NpmStart {
  /** npm itself: what a user's Ctrl-C or kill meets. */
  readonly child: ChildProcess;
  /** All it printed so far, both streams. */
  output(): string;
  /** The first match in the output. @throws when it ends or the time is up before, with its output */
  until(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** What a terminal does on Ctrl-C or when it closes: npm, its shell and the script all get the signal. */
  signalGroup(signal: NodeJS.Signals): void;
  /** Settles when npm and all that writes to its output have ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A start with everything in the cache takes seconds; a busy machine may take a minute. */
const START_TIMEOUT_MS = 180_000;

/** Runs `npm start -- <args>` in a folder, without a terminal. */
export function npmStart(
  folder: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): NpmStart {
  const child = spawn('npm', ['start', '--silent', '--', ...args], {
    cwd: folder,
    env: { ...childEnvironment(), NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as a shell makes one for what is typed into it.
    detached: true,
  });
  let output = '';
  let over = false;
  const listeners = new Set<() => void>();
  const told = (): void => {
    for (const each of [...listeners]) each();
  };
  const add = (chunk: Buffer): void => {
    output += chunk.toString();
    told();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => {
      over = true;
      resolve({ code, signal });
      told();
    });
  });
  return {
    child,
    ended,
    output: () => output,
    signalGroup: (signal) => {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    },
    until: (pattern, timeoutMs = START_TIMEOUT_MS) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          listeners.delete(look);
          clearTimeout(timer);
        };
        const look = (): void => {
          const match = pattern.exec(output);
          if (match !== null) {
            stop();
            resolve(match);
          } else if (over) {
            stop();
            reject(new Error(`npm start ended before ${String(pattern)}:\n${output}`));
          }
        };
        const timer = setTimeout(() => {
          stop();
          reject(new Error(`npm start did not print ${String(pattern)} within ${timeoutMs} ms:\n${output}`));
        }, timeoutMs);
        listeners.add(look);
        look();
      }),
  };
}
