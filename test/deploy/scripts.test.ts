import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PROVIDER_NAMES } from '../../contracts/providers/registry.ts';
import { childEnvironment } from '../../platform/config.ts';
import { projectRoot } from '../../platform/project-root.ts';
import { SIMULATOR_NAMES, startSimulators } from '../../simulators/index.ts';
import { compose, underscored } from './files.ts';

const run = promisify(execFile);
const script = (name: string): string => path.join(projectRoot(), 'deploy', name);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'muster deploy '));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const makeSecrets = (...args: string[]) =>
  run('sh', [script('make-secrets.sh'), ...args], { env: { ...childEnvironment(), MUSTER_SECRETS: folder } });
const secret = (name: string): string => readFileSync(path.join(folder, name), 'utf8').trim();
const contents = (): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, secret(name)]));

it('makes exactly the secrets of docker-compose.yml, never changes one, and sets their permissions', async () => {
  await makeSecrets();
  const made = contents();
  const { secrets } = compose();
  expect(Object.keys(made).toSorted()).toEqual(Object.keys(secrets).toSorted());
  for (const [name, { file }] of Object.entries(secrets)) expect(path.basename(file)).toBe(name);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of Object.keys(made)) expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o644);

  writeFileSync(path.join(folder, 'aws_credentials'), 'mine');
  await makeSecrets();
  expect(contents()).toEqual({ ...made, aws_credentials: 'mine' });
});

it('gives every role its own login on the ledger of docker-compose.yml', async () => {
  await makeSecrets();
  const database = compose().services['ledger-db']?.environment;
  const admin = new URL(secret('ledger_admin_url'));
  expect([admin.username, admin.password]).toEqual([database?.['POSTGRES_USER'], secret('ledger_admin_password')]);
  const urls = ['ledger_url', ...PROVIDER_NAMES.map((provider) => `ledger_url_${underscored(provider)}`)]
    .map((name) => new URL(secret(name)))
    .concat(admin);
  for (const url of urls) expect([url.hostname, url.pathname]).toEqual(['ledger-db', `/${database?.['POSTGRES_DB']}`]);
  for (const part of ['username', 'password'] as const)
    expect(new Set(urls.map((url) => url[part])).size).toBe(urls.length);
});

it("gives the simulated stack the simulators' credentials, in the form that each vendor's library reads", async () => {
  await makeSecrets('--simulated');
  const made = Object.values(contents());
  const simulators = await startSimulators();
  await simulators.close();
  for (const name of SIMULATOR_NAMES) {
    const { credentials, apiKey } = simulators.access(name);
    const keys = [credentials?.accessKeyId, credentials?.secretAccessKey, apiKey].filter((key) => key !== undefined);
    expect(
      made.filter((text) => keys.every((key) => text.includes(key))),
      name,
    ).toHaveLength(1);
  }
  const lines = (name: string): string[] => secret(name).split(/\s*[=\n]\s*/);
  const aws = simulators.access('sagemaker').credentials;
  expect(lines('aws_credentials')).toEqual([
    '[default]',
    ...['aws_access_key_id', aws?.accessKeyId],
    ...['aws_secret_access_key', aws?.secretAccessKey],
  ]);
  const alibaba = simulators.access('alibaba-ecs').credentials;
  expect(lines('alibaba_credentials')).toEqual([
    '[default]',
    ...['type', 'access_key'],
    ...['access_key_id', alibaba?.accessKeyId],
    ...['access_key_secret', alibaba?.secretAccessKey],
  ]);
  expect(secret('tensorpool_key')).toBe(simulators.access('tensorpool').apiKey);
});

it('refuses unknown arguments', async () => {
  await expect(makeSecrets('--simulate')).rejects.toMatchObject({ code: 2 });
  expect(readdirSync(folder)).toEqual([]);
});
