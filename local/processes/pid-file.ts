import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LocalLog } from './log.ts';
import { poll } from './poll.ts';
import { identify, livenessOf, parseIdentity, type ProcessIdentity } from './process-identity.ts';

const KILL_WAIT_MS = 5_000;

interface PidRecord extends ProcessIdentity {
  parent: ProcessIdentity;
}

/** Writes a draft and moves it into place, so that a reader never sees half a record. */
export async function writePidFile(file: string, pid: number): Promise<void> {
  const record: PidRecord = { ...identify(pid), parent: identify(process.pid) };
  // One draft name for all processes: killed ones leave at most one draft.
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(record)}\n`);
  await rename(draft, file);
}

/** Removes the file if it still records this child. */
export async function removePidFile(file: string, pid: number): Promise<void> {
  const record = await readPidFile(file);
  if (record?.pid === pid) await rm(file, { force: true });
}

export interface StopOptions {
  /** Asks the process to stop in order. */
  stopSignal: NodeJS.Signals;
  /** How long that may take before SIGKILL, ms. */
  stopTimeoutMs: number;
  log: LocalLog;
}

/** Stops the child of every pid file in a folder, as `stopLeftover` does. A missing folder has none. */
export async function stopLeftovers(folder: string, options: StopOptions): Promise<void> {
  for (const file of await readdir(folder).catch(() => [])) {
    if (file.endsWith('.pid')) {
      await stopLeftover(path.join(folder, file), { ...options, name: path.basename(file, '.pid') });
    }
  }
}

/**
 * Stops the child that a killed parent left behind. A process counts as that child only if its pid and its start time are
 * those of the record. Where the system does not tell the start time, nothing is stopped.
 *
 * @throws when the child and its parent both live: a stack is running
 */
export async function stopLeftover(file: string, options: StopOptions & { name: string }): Promise<void> {
  const record = await readPidFile(file);
  if (!record) return;
  if (isOurs(record)) {
    if (livenessOf(record.parent) === 'alive') {
      throw new Error(`${options.name} already runs as process ${record.pid}, started by process ${record.parent.pid}`);
    }
    options.log.warn('stopping a server that a killed process left behind', { name: options.name, pid: record.pid });
    const gone = (timeoutMs: number) => poll(() => (isOurs(record) ? undefined : true), { timeoutMs });
    signal(record.pid, options.stopSignal);
    if (!(await gone(options.stopTimeoutMs))) {
      signal(record.pid, 'SIGKILL');
      if (!(await gone(KILL_WAIT_MS))) throw new Error(`cannot stop the old ${options.name}, process ${record.pid}`);
    }
  }
  await rm(file, { force: true });
}

function isOurs(record: PidRecord): boolean {
  return livenessOf(record) === 'alive';
}

async function readPidFile(file: string): Promise<PidRecord | undefined> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as { parent?: unknown };
    const child = parseIdentity(value);
    const parent = parseIdentity(value.parent);
    return child && parent && { ...child, parent };
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended.
  }
}
