import { open, rename, rm } from 'node:fs/promises';

/** Writes a file that only this user can read. It is on disk, whole, when this returns; otherwise the old file remains. */
export async function writeDurably(file: string, content: string): Promise<void> {
  const draft = `${file}.draft`;
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
