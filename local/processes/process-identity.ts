import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/**
 * A process that can be recognised later: pids are used again, sometimes within minutes (in containers at once), so a
 * pid alone proves nothing. `started` makes the pair unique.
 */
export interface ProcessIdentity {
  pid: number;
  /** When the process started, in whatever unit the system gives; `undefined` where the system does not tell. */
  started: string | undefined;
}

/** What is known of a recorded process: `unknown` when its pid lives but the system does not tell whose it is. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/** Start of a process that has ended and that its parent has not collected yet. */
const ENDED = 'ended';

export function identify(pid: number): ProcessIdentity {
  return { pid, started: startOf(pid) };
}

export function livenessOf(recorded: ProcessIdentity): Liveness {
  if (!pidExists(recorded.pid)) return 'dead';
  const started = startOf(recorded.pid);
  if (started === ENDED) return 'dead';
  if (started === undefined || recorded.started === undefined) return pidExists(recorded.pid) ? 'unknown' : 'dead';
  return started === recorded.started ? 'alive' : 'dead';
}

/** Reads what a pid or lock file holds; anything else (an interrupted write, another program's file) is `undefined`. */
export function parseIdentity(value: unknown): ProcessIdentity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, started } = value as { pid?: unknown; started?: unknown };
  // 0 and negative numbers address whole process groups in kill(2).
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 1) return undefined;
  return { pid, started: typeof started === 'string' ? started : undefined };
}

/** The parent of a process, `undefined` when it is gone or the system does not tell. */
export function parentOf(pid: number): number | undefined {
  try {
    if (process.platform === 'win32') return undefined;
    const parent =
      process.platform === 'linux'
        ? statOf(pid)[1]
        : execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' });
    return Number(parent) || undefined;
  } catch {
    return undefined;
  }
}

/** File name of the program a pid runs, `undefined` when the system does not tell. */
export function programOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      return path.basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '');
    }
    if (process.platform === 'win32') return undefined;
    return path.basename(execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).trim());
  } catch {
    return undefined;
  }
}

/** Whether any process has this pid, ours or not. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const fields = statOf(pid);
      if (fields[0] === 'Z' || fields[0] === 'X') return ENDED;
      // Ticks count from boot, so the boot belongs to the identity.
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19] ?? ''}`;
    }
    if (process.platform === 'win32') return undefined;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** From the state on, which is the first; the parent is the second, the start time the twentieth. Linux only. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before it stands in parentheses and may hold any character.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
