import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/**
 * Identifies a process for later. A pid alone does not: systems use pids again, sometimes within minutes, in containers at
 * once. Together with `started` it is unique.
 */
export interface ProcessIdentity {
  pid: number;
  /** When the process started, in the system's own unit; undefined where the system does not tell. */
  started: string | undefined;
}

/** `unknown`: the pid is in use, but the system does not tell whether by the recorded process. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/** Stands for the start of a process that has ended and that its parent has not collected yet. */
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

/** Parses the content of a pid or lock file; undefined for anything else, such as half a file or another program's file. */
export function parseIdentity(value: unknown): ProcessIdentity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, started } = value as { pid?: unknown; started?: unknown };
  // 0 and negative numbers address whole process groups in kill(2).
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 1) return undefined;
  return { pid, started: typeof started === 'string' ? started : undefined };
}

/** The parent's pid; undefined when the process is gone or the system does not tell. */
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

/** File name of the program that a process runs; undefined when the system does not tell. */
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

/** Whether any process of any user has this pid. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const fields = statOf(pid);
      if (fields[0] === 'Z' || fields[0] === 'X') return ENDED;
      // The ticks count from the boot, so the boot is part of the identity.
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19] ?? ''}`;
    }
    if (process.platform === 'win32') return undefined;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Fields of /proc/<pid>/stat from the state on: the first is the state, the second the parent, the twentieth the start. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name before it is in parentheses and may contain any character.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
