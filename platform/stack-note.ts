import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { projectRoot } from './project-root.ts';

/** Where a local stack can be reached while it runs: it writes this into its data folder, so that commands find it. */
const StackNote = z.strictObject({
  /** The process that runs the stack. */
  pid: z.number().int(),
  /** `host:port` of its Temporal. */
  address: z.string(),
  namespace: z.string(),
  uiUrl: z.string().nullable(),
});
export type StackNote = z.infer<typeof StackNote>;

/** The data folder of a stack that was given no other. */
export const defaultDataFolder = (): string => path.join(projectRoot(), '.muster');

const noteIn = (dataDir: string): string => path.join(dataDir, 'stack.json');

/** Written beside its place and moved there: a reader never meets half of it. */
export function writeStackNote(dataDir: string, note: StackNote): void {
  const draft = `${noteIn(dataDir)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(note)}\n`);
  renameSync(draft, noteIn(dataDir));
}

export function removeStackNote(dataDir: string): void {
  rmSync(noteIn(dataDir), { force: true });
}

/** The stack that runs on a data folder; undefined where none does. */
export function readStackNote(dataDir: string): StackNote | undefined {
  try {
    const note = StackNote.parse(JSON.parse(readFileSync(noteIn(dataDir), 'utf8')));
    process.kill(note.pid, 0);
    return note;
  } catch {
    return undefined;
  }
}
