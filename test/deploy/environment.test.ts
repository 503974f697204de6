import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PROVIDER_NAMES } from '../../contracts/providers/registry.ts';
import { ConfigError, providerSettings, readConfig } from '../../platform/config.ts';
import { compose } from './files.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'muster secrets '));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(content: string): string {
  const name = path.join(folder, `secret ${Math.random()}`);
  writeFileSync(name, content);
  return name;
}

const VALUE = 'http://user:password@example.com/';

describe('a secret in a file', () => {
  it('is read like a variable, without the newline at its end', () => {
    expect(readConfig({ MUSTER_LEDGER_URL_FILE: file(`${VALUE}\n`) }).MUSTER_LEDGER_URL).toBe(VALUE);
    expect(readConfig({ MUSTER_LEDGER_ADMIN_URL_FILE: file(VALUE) }).MUSTER_LEDGER_ADMIN_URL).toBe(VALUE);
    const settings = providerSettings('alibaba-ecs', {
      MUSTER_LEDGER_URL_ALIBABA_ECS_FILE: file(`${VALUE}\n`),
      ALIBABA_ECS_KEY_FILE: file('key\n'),
    });
    expect(settings).toEqual({ endpoint: undefined, ledgerUrl: VALUE, apiKey: 'key' });
  });

  it('does not override the variable itself, and counts as absent when it is empty', () => {
    expect(readConfig({ MUSTER_LEDGER_URL: 'other', MUSTER_LEDGER_URL_FILE: file(VALUE) }).MUSTER_LEDGER_URL).toBe(
      'other',
    );
    expect(readConfig({ MUSTER_LEDGER_URL_FILE: file('\n') }).MUSTER_LEDGER_URL).toBeUndefined();
    expect(readConfig({ MUSTER_LEDGER_URL_FILE: '' }).MUSTER_LEDGER_URL).toBeUndefined();
  });

  it('is named in the error when it cannot be read', () => {
    const missing = path.join(folder, 'missing');
    expect(() => readConfig({ MUSTER_LEDGER_URL_FILE: missing })).toThrow(ConfigError);
    expect(() => providerSettings('x', { MUSTER_LEDGER_URL_X_FILE: missing })).toThrow(
      /MUSTER_LEDGER_URL_X_FILE.*missing/,
    );
  });
});

/** The variables that the images of others read, by their documentation and start scripts. */
const THEIRS: Readonly<Record<string, RegExp>> = {
  postgres: /^POSTGRES_(USER|DB|PASSWORD_FILE)$/,
  'temporalio/server':
    /^(DB|DB_PORT|POSTGRES_SEEDS|POSTGRES_USER|NUM_HISTORY_SHARDS|BIND_ON_IP|TEMPORAL_BROADCAST_ADDRESS|TEMPORAL_ALLOW_NO_AUTH|DYNAMIC_CONFIG_FILE_PATH|LOG_LEVEL)$/,
  'temporalio/admin-tools': /^(SQL_(PLUGIN|HOST|PORT|USER)|TEMPORAL_(ADDRESS|NAMESPACE))$/,
  'temporalio/ui': /^TEMPORAL_(ADDRESS|DEFAULT_NAMESPACE|CORS_ORIGINS|CSRF_COOKIE_INSECURE|DISABLE_NEWS_FETCH)$/,
};
/** The variables that vendors' libraries read in our processes. */
const LIBRARIES = /^(TEMPORAL_(ADDRESS|NAMESPACE)|AWS_SHARED_CREDENTIALS_FILE|ALIBABA_CLOUD_CREDENTIALS_FILE)$/;

/** Our configuration with this environment, as text; undefined when it refuses the environment. */
function configured(environment: Record<string, string>): string | undefined {
  try {
    return JSON.stringify([
      readConfig(environment),
      PROVIDER_NAMES.map((provider) => providerSettings(provider, environment)),
    ]);
  } catch {
    return undefined;
  }
}

/** Whether our configuration depends on a variable, or on the file that it names. */
function isRead(name: string): boolean {
  const values = name.endsWith('_FILE') ? [file(VALUE)] : [VALUE, '17', 'debug'];
  return values.some((value) => ![undefined, configured({})].includes(configured({ [name]: value })));
}

it.each(Object.entries(compose().services))(
  '%s gets only variables that it reads',
  (_, { image, environment = {} }) => {
    const [name = ''] = image.split(':');
    const unread = Object.keys(environment).filter((variable) => {
      if (name === 'muster') return !LIBRARIES.test(variable) && !isRead(variable);
      return THEIRS[name]?.test(variable) !== true;
    });
    expect(unread).toEqual([]);
  },
);
