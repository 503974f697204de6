import { createReadStream } from 'node:fs';
import { access, open, rename, rm } from 'node:fs/promises';
import type { LocalLog } from '../processes/log.ts';

/** SQLite keeps what is not yet in the file in these beside it. */
const PARTS = ['', '-wal', '-shm'];
/** The server's own namespace, which it makes when all tables are there; SQLite keeps text as it is. */
const SYSTEM_NAMESPACE = 'temporal-system';

/**
 * Makes sure that a database file which is there is whole. A server that is killed while it makes its tables leaves
 * some of them; the next takes the file for a finished one, and fails, or runs without the rest. Such a file moves
 * aside; one is kept, in case a person wants to look. A database that was whole once is never touched.
 */
export async function moveAsideIncomplete(file: string, log: LocalLog): Promise<void> {
  if (!(await exists(file)) || (await exists(markOf(file)))) return;
  for (const part of PARTS) if (await holds(`${file}${part}`, SYSTEM_NAMESPACE)) return;
  const aside = `${file}.incomplete`;
  for (const part of PARTS) {
    await rm(`${aside}${part}`, { force: true });
    if (await exists(`${file}${part}`)) await rename(`${file}${part}`, `${aside}${part}`);
  }
  log.warn('an interrupted attempt left a half-made Temporal database; making it anew', { movedTo: aside });
}

/** Notes that a server has answered with this database: from then on it counts as whole without a look inside. */
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
