import { chmod, open, rename, stat } from 'node:fs/promises';

/** A log larger than this is renamed when the next run starts. One old log is kept. */
const LOG_ROTATE_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 64 * 1024;

export interface ProcessLog {
  file: string;
  /** What was written since `openLog`, at most the last 64 KiB. */
  tail(): Promise<string>;
}

/** Prepares the log file of a run: rotates a large one, and lets only this user read it. */
export async function openLog(file: string): Promise<ProcessLog> {
  let from = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (from > LOG_ROTATE_BYTES) {
    await rename(file, `${file}.1`);
    from = 0;
  }
  await (await open(file, 'a', 0o600)).close();
  await chmod(file, 0o600);
  return { file, tail: () => tailOf(file, from) };
}

async function tailOf(file: string, from: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(from, size - TAIL_BYTES);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    await handle.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8').trimEnd();
  } finally {
    await handle.close();
  }
}
