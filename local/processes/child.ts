import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { ChildFailedError } from './child-failed.ts';
import { withParentDeathSignal, withGroupKill } from './parent-death.ts';
import { stopLeftover, removePidFile, writePidFile } from './pid-file.ts';
import { poll } from './poll.ts';
import type { LocalLog } from './log.ts';
import { openLog } from './log-file.ts';

/** The kernel needs a moment to remove a process after SIGKILL (policy). */
const KILL_WAIT_MS = 5_000;

export interface ChildOptions {
  /** Short name for messages, and for `<name>.log` and `<name>.pid` in the run folder. */
  name: string;
  command: string;
  args: readonly string[];
  /** Holds the log and the pid file. Created if missing. */
  runDir: string;
  /** Asks the program to stop in order. The program also gets it when this process dies. */
  stopSignal: NodeJS.Signals;
  /** How long the program may take to stop before it gets SIGKILL, ms. */
  stopTimeoutMs: number;
  cwd?: string;
  /** Runs the program as this user, without supplementary groups. Only root may set it. */
  user?: { uid: number; gid: number } | undefined;
  /** Replaces the inherited environment. */
  env?: Readonly<Record<string, string | undefined>>;
  /**
   * For a program that starts helpers which would outlive it, such as a compiler: when it is stopped or this process dies,
   * all of them are killed at once. Not for a program that must stop in order.
   */
  killsHelpers?: boolean;
  log: LocalLog;
}

export interface Child {
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the child has ended, with a sentence that says how. Never rejects. */
  readonly exited: Promise<string>;
  isAlive(): boolean;
  /** Whether it has ended with exit code 0. */
  succeeded(): boolean;
  /** The output of this run, at most the last 64 KiB. */
  output(): Promise<string>;
  /** Stops it in order, with SIGKILL after the time-out. Safe to call twice, and after the child has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a program that does not outlive this process, however this process ends. On Linux the kernel signals the program at
 * once. On other systems, and as a fallback, the next start finds the program by its pid file and stops it.
 *
 * Call it from the main thread: on Linux the signal comes when the thread that spawned the program ends.
 *
 * @throws when the program cannot be started, or a living process of another parent holds the pid file
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  await mkdir(options.runDir, { recursive: true });
  const pidFile = path.join(options.runDir, `${options.name}.pid`);
  await stopLeftover(pidFile, options);

  const output = await openLog(path.join(options.runDir, `${options.name}.log`));
  const program = [options.command, ...options.args] as const;
  const [command, ...args] = withParentDeathSignal(
    options.stopSignal,
    options.killsHelpers ? withGroupKill(options.stopSignal, program) : program,
  );
  // The child writes to the file itself: its output survives this process, and costs it nothing.
  const sink = await open(output.file, 'a');
  let started: ChildProcess;
  let exited: Promise<string>;
  try {
    started = spawn(command, args, {
      stdio: ['ignore', sink.fd, sink.fd],
      cwd: options.cwd ?? options.runDir,
      // Its own process group: Ctrl-C in a terminal reaches only this process, which then stops its children in order.
      detached: process.platform !== 'win32',
      windowsHide: true,
      ...(options.user ?? {}),
      ...(options.env ? { env: options.env } : {}),
    });
    exited = endOf(started, options.name);
    await new Promise<void>((resolve, reject) => started.once('spawn', resolve).once('error', reject));
  } finally {
    await sink.close();
  }

  const pid = started.pid;
  if (pid === undefined) throw new Error(`${options.name} did not start: ${options.command}`);
  // For process.exit() and uncaught errors, where the kernel does not signal the child.
  const onExit = () => started.kill(options.stopSignal);
  process.once('exit', onExit);
  const over = exited.then(async () => {
    process.removeListener('exit', onExit);
    killGroup(pid);
    await removePidFile(pidFile, pid);
  });
  try {
    await writePidFile(pidFile, pid);
  } catch (error) {
    await stopChild(started, options);
    throw error;
  }
  // The child may have ended before its pid file was written.
  if (!alive(started)) await removePidFile(pidFile, pid);

  let stopping: Promise<void> | undefined;
  return {
    pid,
    logFile: output.file,
    exited,
    isAlive: () => alive(started),
    succeeded: () => started.exitCode === 0,
    output: () => output.tail(),
    stop: () => (stopping ??= stopChild(started, options).then(() => over)),
  };
}

/**
 * Waits until `probe` returns a value while the child lives. Stops the child when the time is up.
 *
 * @throws {ChildFailedError} when the child ends first or the time is up, with its output
 */
export async function untilReady<T>(
  child: Child,
  name: string,
  timeoutMs: number,
  probe: () => Promise<T | undefined>,
): Promise<T> {
  const ready = await poll(
    async () => {
      if (!child.isAlive()) throw new ChildFailedError(await child.exited, child.logFile, await child.output());
      // A probe may wait seconds for an answer. The end of the child ends the wait.
      const answer = await Promise.race([probe(), child.exited.then(() => undefined)]);
      // An answer counts only while the child lives: another program on the same port may have sent it.
      return child.isAlive() ? answer : undefined;
    },
    { timeoutMs },
  );
  if (ready !== undefined) return ready;
  await child.stop();
  throw new ChildFailedError(`${name} was not ready within ${timeoutMs} ms`, child.logFile, await child.output());
}

function alive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function endOf(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(`${name} could not be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      resolve(signal ? `${name} was ended by ${signal}` : `${name} ended with exit code ${code ?? 'unknown'}`);
    });
  });
}

async function stopChild(child: ChildProcess, options: ChildOptions): Promise<void> {
  const gone = (timeoutMs: number) => poll(() => (alive(child) ? undefined : true), { timeoutMs, intervalMs: 20 });
  child.kill(options.stopSignal);
  if (await gone(options.stopTimeoutMs)) return;
  options.log.warn('child did not stop in time, killing it', { name: options.name, timeoutMs: options.stopTimeoutMs });
  child.kill('SIGKILL');
  if (!(await gone(KILL_WAIT_MS))) throw new Error(`${options.name} (pid ${child.pid ?? '?'}) did not end on SIGKILL`);
}

/** Kills what the program started. Called right at its end, while no other process can have its group's number. */
function killGroup(pid: number): void {
  if (process.platform === 'win32') return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The usual case: the group is empty.
  }
}
