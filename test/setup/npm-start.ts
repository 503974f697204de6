import { spawn, type ChildProcess } from 'node:child_process';
import { childEnvironment } from '../../platform/config.ts';

/** An `npm start` that runs in a checkout. */
export interface NpmStart {
  /** The npm process itself, which a user would kill. */
  readonly child: ChildProcess;
  /** What it has printed so far to both streams. */
  output(): string;
  /** Waits for a match in the output. @throws when npm ends or the time is up first, with the output */
  until(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Sends a signal to npm, its shell and the script, as a terminal does on Ctrl-C. */
  signalGroup(signal: NodeJS.Signals): void;
  /** Resolves when npm and all processes that write to its output have ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A start with a full cache takes seconds; on a busy machine a minute. */
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
    // Its own process group, as a shell makes one for each command.
    detached: true,
  });
  let output = '';
  let over = false;
  const listeners = new Set<() => void>();
  const notifyAll = (): void => {
    for (const each of [...listeners]) each();
  };
  const add = (chunk: Buffer): void => {
    output += chunk.toString();
    notifyAll();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => {
      over = true;
      resolve({ code, signal });
      notifyAll();
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
