import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LocalLog } from './log.ts';
import { poll } from './poll.ts';
import { identify, livenessOf, parseIdentity, type ProcessIdentity } from './process-identity.ts';

const KILL_WAIT_MS = 5_000;

interface PidRecord extends ProcessIdentity {
  parent: ProcessIdentity;
}

/** Written beside its place and moved there, so a reader never meets half a record. */
export async function writePidFile(file: string, pid: number): Promise<void> {
  const record: PidRecord = { ...identify(pid), parent: identify(process.pid) };
  // One name for all: a killed process leaves at most one.
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(record)}\n`);
  await rename(draft, file);
}

/** Removes the file when it still speaks of this child. */
export async function removePidFile(file: string, pid: number): Promise<void> {
  const record = await readPidFile(file);
  if (record?.pid === pid) await rm(file, { force: true });
}

export interface StopOptions {
  /** Asks for an orderly end. */
  stopSignal: NodeJS.Signals;
  /** How long that may take before SIGKILL. */
  stopTimeoutMs: number;
  log: LocalLog;
}

/** Ends the child of every pid file in a folder, as `endLeftover` does; nothing where the folder is not there. */
export async function stopLeftovers(folder: string, options: StopOptions): Promise<void> {
  for (const file of await readdir(folder).catch(() => [])) {
    if (file.endsWith('.pid')) {
      await stopLeftover(path.join(folder, file), { ...options, name: path.basename(file, '.pid') });
    }
  }
}

/**
 * Ends the child that a killed parent left behind. A process counts as ours only when its pid and its start time are
 * those of the record; one that the system does not let us recognise is left alone.
 *
 * @throws when the child and its parent both live: that is a running stack, not a leftover.
 */
export async function stopLeftover(file: string, options: StopOptions & { name: string }): Promise<void> {
  const record = await readPidFile(file);
  if (!record) return;
  if (isOurs(record)) {
    if (livenessOf(record.parent) === 'alive') {
      throw new Error(`${options.name} already runs as process ${record.pid}, started by process ${record.parent.pid}`);
    }
    options.log.warn('ending a server that a killed process left behind', { name: options.name, pid: record.pid });
    const gone = (timeoutMs: number) => poll(() => (isOurs(record) ? undefined : true), { timeoutMs });
    signal(record.pid, options.stopSignal);
    if (!(await gone(options.stopTimeoutMs))) {
      signal(record.pid, 'SIGKILL');
      if (!(await gone(KILL_WAIT_MS))) throw new Error(`cannot end the old ${options.name}, process ${record.pid}`);
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
    // Gone in between.
  }
}
