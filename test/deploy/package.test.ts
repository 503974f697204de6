import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { childEnvironment } from '../../platform/config.ts';
import { projectRoot } from '../../platform/project-root.ts';
import { copyCheckout, type Checkout } from '../setup/checkout.ts';
import { until } from '../setup/until.ts';
import { text } from './files.ts';

const execute = promisify(execFile);
/** A build and the installation of some 280 packages, on a machine that other tests share. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;
/** The compiler and the types of Node, which a user's project has. */
const TSC = path.join(projectRoot(), 'node_modules', 'typescript', 'bin', 'tsc');
const TYPE_ROOTS = path.join(projectRoot(), 'node_modules', '@types');

let checkout: Checkout;
/** A folder outside of any checkout, in which only the package is installed. */
let app: string;

beforeAll(async () => {
  checkout = await copyCheckout();
  app = mkdtempSync(path.join(os.tmpdir(), 'muster app '));
  const { stdout } = await npm(checkout.folder, 'pack', '--json', '--pack-destination', app);
  // The output of the build precedes npm's JSON.
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as { filename: string }[];
  install(packed?.filename ?? '');
  await npm(app, 'ci', '--prefer-offline', '--omit=optional', '--ignore-scripts');
}, INSTALL_TIMEOUT_MS);
afterAll(async () => {
  await checkout.remove();
  rmSync(app, { recursive: true });
});

const npm = (cwd: string, ...args: string[]) =>
  execute('npm', args, { cwd, env: { ...childEnvironment(), NO_COLOR: '1' }, maxBuffer: 64 * 1024 * 1024 });

/** Writes what npm installs: the package, and its dependencies at the versions of this repository's lock file. */
function install(filename: string): void {
  interface Locked {
    readonly dev?: boolean;
  }
  const lock = JSON.parse(text('package-lock.json')) as { packages: Record<string, Locked & Record<string, unknown>> };
  const { '': own = {}, ...others } = lock.packages;
  const { version, dependencies, optionalDependencies, bin } = own;
  const user = { name: 'app', version: '1.0.0', type: 'module', dependencies: { muster: `file:${filename}` } };
  const packages = {
    '': user,
    'node_modules/muster': { version, resolved: `file:${filename}`, dependencies, optionalDependencies, bin },
    ...Object.fromEntries(Object.entries(others).filter(([, { dev }]) => dev !== true)),
  };
  writeFileSync(path.join(app, 'package.json'), JSON.stringify(user));
  const head = { name: user.name, version: user.version, lockfileVersion: 3, requires: true };
  writeFileSync(path.join(app, 'package-lock.json'), JSON.stringify({ ...head, packages }));
}

const program = (name: string): string => path.join(app, 'node_modules', '.bin', name);
const packageFile = (...names: string[]): string => path.join(app, 'node_modules', 'muster', ...names);
const run = (name: string, ...args: string[]) =>
  execute(program(name), args, { cwd: app, env: { ...childEnvironment(), NO_COLOR: '1' } });

it('contains its licence, and neither tests nor sources', () => {
  expect(readFileSync(packageFile('LICENSE'), 'utf8')).toContain('Apache License');
  const { version } = JSON.parse(text('package.json')) as { version: string };
  expect(JSON.parse(readFileSync(packageFile('package.json'), 'utf8'))).toMatchObject({ version });
  for (const left of ['test', 'dist/test', 'dist/local', 'dist/workflows', 'client'])
    expect(existsSync(packageFile(left)), left).toBe(false);
});

it('runs the muster command, which prints nothing to standard error', async () => {
  const { version } = JSON.parse(text('package.json')) as { version: string };
  expect(await run('muster', '--version')).toEqual({ stdout: `${version}\n`, stderr: '' });
  expect((await run('muster', '--help')).stdout).toContain('Usage: muster');
  const plan = await run('muster', '--json', 'plan', '-f', packageFile('examples', 'ready.yaml'));
  expect(plan.stderr).toBe('');
  expect(JSON.parse(plan.stdout)).toMatchObject({ requestId: 'fine-tune', placements: [{ provider: 'sagemaker' }] });
});

it('exports the client library and the simulators, with their types', async () => {
  writeFileSync(
    path.join(app, 'use.ts'),
    `import { createMuster, InvalidRequestError, type Muster, type ProvisioningRequest } from 'muster';
     import { startSimulators, type Simulators } from 'muster/simulators';
     const simulators: Simulators = await startSimulators({ speed: 60 });
     const request: ProvisioningRequest = { requestId: 'r', team: 't', placements: [] };
     // @ts-expect-error a request has no colour
     const refused: ProvisioningRequest = { ...request, colour: 'red' };
     // An invalid request is refused before the client is used, so there need not be a real one.
     const muster: Muster = createMuster({ options: { namespace: 'none' } } as never);
     const error = await muster.submit(refused).catch((reason: unknown) => reason);
     console.log(simulators.urls().length, error instanceof InvalidRequestError && error.faults.length);
     await simulators.close();`,
  );
  const options = ['--module', 'nodenext', '--target', 'es2023', '--strict', '--skipLibCheck'];
  await execute(process.execPath, [TSC, ...options, '--types', 'node', '--typeRoots', TYPE_ROOTS, 'use.ts'], {
    cwd: app,
  });
  const { stdout, stderr } = await execute(process.execPath, ['use.js'], { cwd: app });
  expect({ stdout, stderr }).toEqual({ stdout: '3 2\n', stderr: '' });
});

it('starts the simulators', async () => {
  const child = spawn(program('muster-simulators'), ['--json'], { cwd: app, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  expect(Object.keys(JSON.parse(line.toString()) as object)).toEqual(['sagemaker', 'alibaba-ecs', 'tensorpool']);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('migrates a ledger and runs every worker, with its own SQL files and its bundle of workflows', async () => {
  const name = `package_${randomBytes(6).toString('hex')}`;
  const server = new pg.Pool({ connectionString: inject('postgresUrl'), max: 1 });
  await server.query(`create database ${name}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  const login = new URL(url);
  Object.assign(login, { username: name, password: randomBytes(12).toString('hex') });
  const env = {
    ...childEnvironment(),
    MUSTER_LEDGER_ADMIN_URL: url.toString(),
    MUSTER_LEDGER_URL: login.toString(),
    MUSTER_HEALTH_PORT: '0',
    TEMPORAL_ADDRESS: inject('temporalAddress'),
  };
  const worker = spawn(program('muster-worker'), ['--migrate', '--logins', '--roles', 'workflows,ledger'], {
    cwd: app,
    env,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let said = '';
  worker.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = once(worker, 'exit');
  await until(() => Promise.resolve(said.includes('"workers run"') || worker.exitCode !== null), {
    what: 'workers that run',
    timeoutMs: 60_000,
  });
  expect(said).toContain('"ledger is up to date"');
  const port = /"healthPort":(\d+)/.exec(said)?.[1] ?? '';
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  worker.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  await server.query(`drop database ${name} with (force)`);
  await server.query(`drop role ${name}`);
  await server.end();
}, 120_000);
