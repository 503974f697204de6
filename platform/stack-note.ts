import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { projectRoot } from './project-root.ts';

/** Where a local stack is while it runs. The stack writes this note to its data folder, so that commands find it. */
const StackNote = z.strictObject({
  /** The process that runs the stack. */
  pid: z.number().int(),
  /** `host:port` of its Temporal. */
  address: z.string(),
  namespace: z.string(),
  uiUrl: z.string().nullable(),
});
export type StackNote = z.infer<typeof StackNote>;

/** The data folder of a stack unless it is given another one. */
export const defaultDataFolder = (): string => path.join(projectRoot(), '.muster');

const noteIn = (dataDir: string): string => path.join(dataDir, 'stack.json');

/** Writes a draft and moves it into place, so that a reader never sees half a note. */
export function writeStackNote(dataDir: string, note: StackNote): void {
  const draft = `${noteIn(dataDir)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(note)}\n`);
  renameSync(draft, noteIn(dataDir));
}

export function removeStackNote(dataDir: string): void {
  rmSync(noteIn(dataDir), { force: true });
}

/** The note of the stack that runs on a data folder; undefined if none runs. */
export function readStackNote(dataDir: string): StackNote | undefined {
  try {
    const note = StackNote.parse(JSON.parse(readFileSync(noteIn(dataDir), 'utf8')));
    process.kill(note.pid, 0);
    return note;
  } catch {
    return undefined;
  }
}
