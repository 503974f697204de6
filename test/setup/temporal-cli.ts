import { findTemporalCli } from '../../local/programs/temporal-cli.ts';
import { cacheFolder, childEnvironment, readConfig } from '../../platform/config.ts';

/** The Temporal program, found or built as `npm start` does; a cold build takes minutes, so it says what it does. */
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

/** As a global set-up: the program is there before a test that starts it is timed. */
export default async function setup(): Promise<void> {
  await temporalCli();
}
