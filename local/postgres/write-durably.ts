import { open, rename, rm } from 'node:fs/promises';

/** Whole or not at all, and on disk before the next step; readable by this user only. */
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
