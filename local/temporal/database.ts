import { createReadStream } from 'node:fs';
import { access, open, rename, rm } from 'node:fs/promises';
import type { LocalLog } from '../processes/log.ts';

/** SQLite keeps recent changes in files with these endings. */
const PARTS = ['', '-wal', '-shm'];
/** The server creates this namespace after all tables. SQLite stores text as it is, so the file contains the name. */
const SYSTEM_NAMESPACE = 'temporal-system';

/**
 * Renames a database file that is incomplete. A server that was killed while it created its tables leaves some of them; the next
 * server would take the file for a complete one and fail, or run without the other tables. One renamed file is kept for
 * inspection. A database that was complete once is not changed.
 */
export async function moveAsideIncomplete(file: string, log: LocalLog): Promise<void> {
  if (!(await exists(file)) || (await exists(markOf(file)))) return;
  for (const part of PARTS) if (await holds(`${file}${part}`, SYSTEM_NAMESPACE)) return;
  const aside = `${file}.incomplete`;
  for (const part of PARTS) {
    await rm(`${aside}${part}`, { force: true });
    if (await exists(`${file}${part}`)) await rename(`${file}${part}`, `${aside}${part}`);
  }
  log.warn('an interrupted attempt left an incomplete Temporal database; making a new one', { movedTo: aside });
}

/** Records that a server has answered with this database: it counts as complete from then on. */
export async function markComplete(file: string): Promise<void> {
  await (await open(markOf(file), 'a')).close();
}

function markOf(file: string): string {
  return `${file}.complete`;
}

async function holds(file: string, text: string): Promise<boolean> {
  if (!(await exists(file))) return false;
  let end = '';
  for await (const chunk of createReadStream(file, { encoding: 'latin1' })) {
    const piece = end + String(chunk);
    if (piece.includes(text)) return true;
    end = piece.slice(-text.length);
  }
  return false;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
