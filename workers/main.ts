#!/usr/bin/env node
import { Command } from 'commander';
import { migrateLedger } from '../activities/ledger/migrate.ts';
import { ConfigError, providerSettings, readConfig, required, type Config } from '../platform/config.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { packageVersion } from '../platform/version.ts';
import { PROVIDER_CALL_TIMEOUT_MS } from '../contracts/limits.ts';
import { PROVIDER_NAMES } from '../contracts/providers/registry.ts';
import { serveHealth } from './health.ts';
import { ensureLogins } from './logins.ts';
import { parseRoles, ROLES, type Role } from './roles.ts';
import { runWorkers } from './run.ts';
import { installRuntime } from './runtime.ts';

// A worker process: runs its roles until SIGTERM or Ctrl-C, then finishes running steps. Without roles it migrates and ends.
const program = new Command('worker')
  .description('Runs workers of Muster until it gets a signal.')
  .version(packageVersion(), '--version', 'print the version')
  .option('--roles <list>', `comma-separated: ${ROLES.join(', ')}`)
  .option('--migrate', 'bring the ledger up to date first (needs MUSTER_LEDGER_ADMIN_URL); without --roles, then end')
  .option('--logins', 'with --migrate: make the logins in MUSTER_LEDGER_URL and MUSTER_LEDGER_URL_<PROVIDER>');
program.parse();
const flags = program.opts<{ roles?: string; migrate?: true; logins?: true }>();
if (flags.roles === undefined && !flags.migrate) program.error('error: name --roles, or --migrate');
if (flags.logins && !flags.migrate) program.error('error: --logins goes with --migrate');

try {
  const config = readConfig();
  const log = createLogger(config.MUSTER_LOG_LEVEL);
  const roles = flags.roles === undefined ? [] : parseRoles(flags.roles);
  if (flags.migrate) await migrate(config, log);
  if (roles.length > 0) await work(roles, config, log);
} catch (error) {
  const known = error instanceof ConfigError || error instanceof RangeError;
  console.error(known ? error.message : error);
  process.exitCode = known ? 2 : 1;
}

async function migrate(config: Config, log: Logger): Promise<void> {
  const adminUrl = required(config, 'MUSTER_LEDGER_ADMIN_URL', 'migrations need it');
  log.info({ applied: await migrateLedger(adminUrl) }, 'ledger is up to date');
  if (!flags.logins) return;
  const ledger = {
    role: 'ledger',
    url: required(config, 'MUSTER_LEDGER_URL', 'the ledger role logs in with it'),
  } as const;
  // A provider without a connection is not used here.
  const providers = PROVIDER_NAMES.flatMap((role) => {
    const url = providerSettings(role).ledgerUrl;
    return url === undefined ? [] : [{ role, url }];
  });
  log.info({ logins: await ensureLogins(adminUrl, [ledger, ...providers]) }, 'ledger has its logins');
}

async function work(roles: readonly Role[], config: Config, log: Logger): Promise<void> {
  installRuntime(log);
  const workers = await runWorkers({
    roles,
    temporal: {},
    speed: config.MUSTER_SPEED,
    cleanups: config.MUSTER_CLEANUPS,
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
}
