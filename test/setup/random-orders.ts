import path from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { projectRoot } from '../../platform/project-root.ts';
import { rerunCommand, rerunSeed } from './rerun.ts';

/**
 * Checks a property with random cases. A failure tells the smallest failing case, and the command that runs it again.
 * @param project vitest's project of the test
 */
export function checkRandomly<T>(project: string, numRuns: number, property: fc.IProperty<T>): void {
  const [seed, casePath] = rerunSeed()?.split('/') ?? [];
  const details = fc.check(
    property,
    seed === undefined ? { numRuns } : { numRuns, seed: Number(seed), path: casePath ?? '', endOnFailure: true },
  );
  if (!details.failed) return;
  const { currentTestName = '', testPath = '' } = expect.getState();
  const command = rerunCommand(
    `${details.seed}/${details.counterexamplePath ?? ''}`,
    project,
    path.relative(projectRoot(), testPath),
    currentTestName.split(' > ').at(-1),
  );
  throw new Error(`${fc.defaultReportMessage(details) ?? ''}\n\nRun this case alone again with:\n  ${command}`);
}
