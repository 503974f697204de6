/** The seed of the one random case that is to run again, from the variable MUSTER_SEED; undefined to run all cases. */
export const rerunSeed = (): string | undefined => process.env['MUSTER_SEED'];

/**
 * The command that runs one random case of a test again.
 * @param project vitest's project
 * @param testName runs this test of the file alone
 */
export const rerunCommand = (seed: string, project: string, file: string, testName?: string): string =>
  `MUSTER_SEED=${seed} npx vitest run --project ${project} ${file}${testName === undefined ? '' : ` -t '${testName}'`}`;
