import { findTemporalCli } from '../../local/programs/temporal-cli.ts';
import { cacheFolder, childEnvironment, readConfig } from '../../platform/config.ts';

/** Finds or installs the Temporal CLI as `npm start` does. Prints its progress: a cold build takes minutes. */
export function temporalCli(): Promise<string> {
  const config = readConfig();
  return findTemporalCli(
    {
      temporalCliPath: config.TEMPORAL_CLI_PATH,
      path: config.PATH,
      cacheDir: cacheFolder(config),
      childEnv: childEnvironment(),
    },
    ({ stage, elapsedMs }) => {
      console.log(`Temporal: ${stage} (${Math.round(elapsedMs / 1000)} s)`);
    },
  );
}

/** A global set-up, so that the installation does not count towards the time of a test. */
export default async function setup(): Promise<void> {
  await temporalCli();
}
