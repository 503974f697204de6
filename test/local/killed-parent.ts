import path from 'node:path';
import { homedir } from 'node:os';
import { silentLog } from '../../local/processes/log.ts';
import { startPostgres } from '../../local/postgres/server.ts';
import { startTemporal } from '../../local/temporal/temporal.ts';

/** The program that `killed-parent.process.test.ts` kills: starts all servers, prints `ready` and waits. */
const [dataDir = '', cacheDir = '', searchPath = ''] = process.argv.slice(2);
const log = silentLog;
await Promise.all([
  startPostgres({ dataDir: path.join(dataDir, 'postgres'), port: 0, fsync: false, log }),
  startTemporal({
    path: searchPath,
    cacheDir,
    childEnv: { HOME: homedir() },
    dataDir,
    port: 0,
    uiPort: 0,
    searchAttributes: {},
    log,
    onStep: () => undefined,
  }),
]);
process.stdout.write('ready\n');
setInterval(() => undefined, 60_000);
