import { statfs } from 'node:fs/promises';
import { failed, unknown, ok, type Check } from '../../contracts/health.ts';

/** The oldest Node that Muster's libraries support; package.json says the same. */
const OLDEST_NODE = [20, 19] as const;

/** Disk space for a first build of Temporal with Go's caches, and for a local stack's data (measured, rounded up). */
const NEEDED_BYTES = 4 * 1024 ** 3;
const GIB = 1024 ** 3;

/** @param version such as 20.20.1 */
export function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const isSupported = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  if (isSupported) return ok('Node', version);
  return failed('Node', `${version} is too old`, `Install Node ${oldestMajor}.${oldestMinor} or newer.`);
}

/** Whether a folder's disk has enough free space. @param purpose what the folder is for */
export async function diskCheck(folder: string, purpose: string): Promise<Check> {
  const subject = `disk: ${purpose}`;
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const detail = `${(free / GIB).toFixed(1)} GiB free at ${folder}`;
    return free >= NEEDED_BYTES
      ? ok(subject, detail)
      : failed(subject, detail, `Free ${NEEDED_BYTES / GIB} GiB there.`);
  } catch (error) {
    return unknown(subject, `${folder}: ${(error as Error).message}`);
  }
}
