import path from 'node:path';
import { silentLog } from '../../local/processes/log.ts';
import { startPostgres } from '../../local/postgres/server.ts';
import { findTemporalCli } from '../../local/programs/temporal-cli.ts';
import { startTemporalServer } from '../../local/temporal/server.ts';

/** The program that `killed-parent.test.ts` kills: starts both servers, says so and waits. */
const [dataDir = '', cacheDir = '', searchPath = ''] = process.argv.slice(2);
const cliPath = await findTemporalCli({ path: searchPath, cacheDir, childEnv: {} });
await Promise.all([
  startPostgres({ dataDir: path.join(dataDir, 'postgres'), port: 0, fsync: false, log: silentLog }),
  startTemporalServer({ cliPath, dataDir: path.join(dataDir, 'temporal'), port: 0, uiPort: 0, log: silentLog }),
]);
process.stdout.write('ready\n');
setInterval(() => undefined, 60_000);
