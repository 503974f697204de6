import { Command } from 'commander';
import { migrateLedger } from '../activities/ledger/migrate.ts';
import { ConfigError, muteSdkNotice, providerSettings, readConfig, required } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { PROVIDER_CALL_TIMEOUT_MS } from '../contracts/limits.ts';
import { serveHealth } from './health.ts';
import { parseRoles, ROLES } from './roles.ts';
import { runWorkers } from './run.ts';
import { installRuntime } from './runtime.ts';

// A worker process: runs its roles until SIGTERM or Ctrl-C, then drains.
const program = new Command('worker')
  .description('Runs workers of Muster until it is told to stop.')
  .requiredOption('--roles <list>', `comma-separated: ${ROLES.join(', ')}`)
  .option('--migrate', 'bring the ledger up to date first (needs MUSTER_LEDGER_ADMIN_URL)', false);
program.parse();
const flags = program.opts<{ roles: string; migrate: boolean }>();

try {
  const config = readConfig();
  const log = createLogger(config.MUSTER_LOG_LEVEL);
  const roles = parseRoles(flags.roles);
  if (flags.migrate) {
    const applied = await migrateLedger(required(config, 'MUSTER_LEDGER_ADMIN_URL', 'migrations need it'));
    log.info({ applied }, 'ledger is up to date');
  }
  muteSdkNotice();
  installRuntime(log);
  const workers = await runWorkers({
    roles,
    temporal: {},
    speed: config.MUSTER_SPEED,
    ledgerUrl: (role) =>
      role === 'ledger'
        ? required(config, 'MUSTER_LEDGER_URL', 'the ledger role needs it')
        : (providerSettings(role).ledgerUrl ?? required(config, 'MUSTER_LEDGER_URL', `role ${role} needs it`)),
    provider: (role) => ({
      ...providerSettings(role),
      callTimeoutMs: PROVIDER_CALL_TIMEOUT_MS,
    }),
    log,
  });
  const health = await serveHealth(workers, config.MUSTER_HEALTH_PORT);
  log.info({ roles, healthPort: health.port }, 'workers run');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'draining');
      void workers.stop().catch(() => undefined);
    });
  }
  await workers.done.finally(() => health.close());
} catch (error) {
  const known = error instanceof ConfigError || error instanceof RangeError;
  console.error(known ? error.message : error);
  process.exitCode = known ? 2 : 1;
}
