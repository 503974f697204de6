import { access } from 'node:fs/promises';
import { versionOf } from '../processes/executables.ts';
import type { Program } from './program.ts';

/** Why a file is not this program; undefined when it exists, runs and prints the right version text. */
export async function findProblem(program: Program, file: string): Promise<string | undefined> {
  try {
    await access(file);
  } catch {
    return `${file} does not exist or cannot be read`;
  }
  try {
    return program.versionPattern.test(await versionOf(file)) ? undefined : `${file} is not ${program.title}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
