import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { ChildFailedError } from './child-failed.ts';
import { withParentDeathSignal, withGroupKill } from './parent-death.ts';
import { stopLeftover, removePidFile, writePidFile } from './pid-file.ts';
import { poll } from './poll.ts';
import type { LocalLog } from './log.ts';
import { openLog } from './log-file.ts';

/** After SIGKILL the kernel needs a moment to take the process away. */
const KILL_WAIT_MS = 5_000;

export interface ChildOptions {
  /** Short name, used in messages and for `<name>.log` and `<name>.pid` in the run folder. */
  name: string;
  command: string;
  args: readonly string[];
  /** Holds the log and the pid file; made when missing. */
  runDir: string;
  /** The signal that asks the program for an orderly end; also what it gets when this process dies. */
  stopSignal: NodeJS.Signals;
  /** How long an orderly end may take before SIGKILL. */
  stopTimeoutMs: number;
  cwd?: string;
  /** Run as this user (only root may ask); supplementary groups are dropped. */
  user?: { uid: number; gid: number } | undefined;
  /** Replaces the environment that is otherwise inherited. */
  env?: Readonly<Record<string, string | undefined>>;
  /**
   * The program starts helpers that do not end with it (a compiler's, say): when it is stopped, or this process dies,
   * all are killed at once. Not for a program that has anything to put in order.
   */
  killsHelpers?: boolean;
  log: LocalLog;
}

export interface Child {
  readonly pid: number;
  readonly logFile: string;
  /** Settles, never rejects, with a sentence that says how it ended: after `stop`, or on its own. */
  readonly exited: Promise<string>;
  isAlive(): boolean;
  /** It has ended, on its own and with exit code 0. */
  succeeded(): boolean;
  /** This run's output, of much only the last 64 KiB. */
  output(): Promise<string>;
  /** Orderly end, SIGKILL after the bound. Safe to call twice and after the child has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a program that does not outlive this process, however it ends: on Linux the kernel signals it at once;
 * elsewhere, and as a second net, the pid file lets the next start end what a killed parent left behind.
 *
 * Call from the main thread: the kernel's promise is bound to the thread that spawns.
 *
 * @throws when the program cannot be started or a living process of another parent holds the pid file.
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
  // The child writes to the file itself, so its output survives us and costs this process nothing.
  const sink = await open(output.file, 'a');
  let started: ChildProcess;
  let exited: Promise<string>;
  try {
    started = spawn(command, args, {
      stdio: ['ignore', sink.fd, sink.fd],
      cwd: options.cwd ?? options.runDir,
      // A group of its own: Ctrl-C in a terminal reaches only this process, which then stops its children in order.
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
  // process.exit() and uncaught errors, where the kernel does not help.
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
  // It may have ended before its pid file was written.
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
 * Waits until `probe` gives something, as long as the child lives.
 *
 * @throws when the child ends first or the time is up (the child is stopped then); both carry its last output.
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
      // A probe may wait for an answer for seconds; the end of the child ends the wait.
      const answer = await Promise.race([probe(), child.exited.then(() => undefined)]);
      // The answer counts only while our own child lives: it may have come from somebody else on the same port.
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
  options.log.warn('server did not end in time, killing it', { name: options.name, timeoutMs: options.stopTimeoutMs });
  child.kill('SIGKILL');
  if (!(await gone(KILL_WAIT_MS))) throw new Error(`${options.name} (pid ${child.pid ?? '?'}) did not end on SIGKILL`);
}

/** Helpers that the program started must not outlive it. Asked right at its end, while its group's number is not free. */
function killGroup(pid: number): void {
  if (process.platform === 'win32') return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The usual case: nobody is left.
  }
}
