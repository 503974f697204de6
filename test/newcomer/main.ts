import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pc from 'picocolors';
import { formatDuration } from '../../client/terminal/time.ts';
import { childEnvironment } from '../../platform/config.ts';
import { projectRoot } from '../../platform/project-root.ts';
import { checkoutAt, type Checkout } from '../setup/checkout.ts';
import { killAtRandomMoments } from '../setup/random-kills.ts';
import { npmStart } from '../setup/npm-start.ts';

/*
 * Tests the first hour of a new user: a fresh clone with an empty home, empty caches and no Temporal program, then a start with full
 * caches, then ten starts that are killed. Takes about ten minutes, mostly to build Temporal.
 */

const KILLS = 10;
/** Downloads and a cold build of Temporal, on a slow machine. */
const COLD_START_MS = 40 * 60_000;
const run = promisify(execFile);
const say = (text: string): void => {
  console.log(text);
};

/** Runs a step and prints how long it took. */
async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const beganAtMs = Date.now();
  say(pc.dim(what));
  const result = await work();
  say(`${pc.green('✔')} ${what}: ${formatDuration(Date.now() - beganAtMs)}`);
  return result;
}

/** PATH without the folders that contain a `temporal` program. */
async function pathWithoutTemporal(): Promise<string> {
  const folders = (childEnvironment()['PATH'] ?? '').split(path.delimiter);
  const kept = await Promise.all(
    folders.map(async (folder) => {
      const has = await realpath(path.join(folder, 'temporal')).catch(() => undefined);
      return has === undefined ? folder : undefined;
    }),
  );
  return kept.filter((folder) => folder !== undefined).join(path.delimiter);
}

/** Runs `npm start -- --once`, which must succeed and leave no process. */
async function once(checkout: Checkout, environment: Readonly<Record<string, string>>, ...args: string[]) {
  const start = npmStart(checkout.folder, ['--once', ...args], environment);
  await start.until(/Their pages in the Web UI/, COLD_START_MS);
  const { code } = await start.ended;
  if (code !== 0) throw new Error(`npm start ended with ${String(code)}:\n${start.output()}`);
  const left = await checkout.processes();
  if (left.length > 0) throw new Error(`processes that still run:\n${left.join('\n')}`);
}

/** Time from the command to the first ready cluster, ms. */
async function firstReady(checkout: Checkout, environment: Readonly<Record<string, string>>): Promise<number> {
  const beganAtMs = Date.now();
  const start = npmStart(checkout.folder, [], environment);
  await start.until(/✔.* ready /);
  const tookMs = Date.now() - beganAtMs;
  start.signalGroup('SIGINT');
  await start.ended;
  return tookMs;
}

const home = await realpath(await mkdtemp(path.join(os.tmpdir(), 'muster newcomer ')));
try {
  const environment = {
    HOME: home,
    PATH: await pathWithoutTemporal(),
    npm_config_cache: path.join(home, 'npm-cache'),
    ...Object.fromEntries(
      ['XDG_CACHE_HOME', 'GOPATH', 'GOCACHE', 'GOMODCACHE', 'TEMPORAL_ADDRESS', 'TEMPORAL_CLI_PATH'].map((name) => [
        name,
        '',
      ]),
    ),
  };
  const checkout = checkoutAt(path.join(home, 'muster'));
  await mkdir(checkout.folder);
  await step('git clone', () => run('git', ['clone', '--quiet', projectRoot(), checkout.folder]));
  const env = { ...childEnvironment(), ...environment };
  await step('npm ci', () => run('npm', ['ci', '--silent'], { cwd: checkout.folder, env, timeout: COLD_START_MS }));
  await step('npm start, everything cold', () => once(checkout, environment));
  await step('npm start, warm', () => once(checkout, environment));
  const readyMs = await firstReady(checkout, environment);
  say(`${pc.green('✔')} warm, from the command to the first ready cluster: ${(readyMs / 1000).toFixed(1)} s`);
  await step(`${KILLS} starts, each killed at a random moment`, () =>
    killAtRandomMoments(
      checkout,
      KILLS,
      (ms) => {
        say(pc.dim(`  kill -9 of npm after ${(ms / 1000).toFixed(1)} s`));
      },
      environment,
    ),
  );
  await step('npm start after that', () => once(checkout, environment));
  await step('npm start -- --reset', () => once(checkout, environment, '--reset'));
  say(pc.green('The newcomer is happy.'));
} finally {
  // Go makes its module cache read-only.
  await run('chmod', ['-R', 'u+w', home]).catch(() => undefined);
  await rm(home, { recursive: true, force: true });
}
