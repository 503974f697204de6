import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deleteDatabase } from '../../local/postgres/database.ts';
import { difference, readCounts, gauge } from './counters.ts';
import { measureProcesses } from './meter.ts';
import { readOptions } from './options.ts';
import { reportOf, type Result, type Measurement } from './report.ts';
import { submitAll, untilAll } from './requests.ts';
import { CREATING_MS, startStack, type Stack } from './stack.ts';

/*
 * Measures what many waiting requests cost this machine and the provider. Starts everything that `npm start` starts, with the
 * workers in separate processes.
 */

/** Pause until the effects of a start are over. */
const SETTLE_MS = 20_000;
const IDLE_MS = 30_000;
const MINUTE_MS = 60_000;

const options = readOptions();
const say = (text: string): void => {
  console.error(text);
};

async function measure(stack: Stack, what: string, work: () => Promise<unknown>): Promise<Measurement> {
  say(what);
  const before = await readCounts(stack);
  const { seconds, used } = await measureProcesses(stack.pids, work());
  return { seconds, used, counts: difference(before, await readCounts(stack)) };
}

async function run(stack: Stack): Promise<Result> {
  const { requests, minutes } = options;
  await pause(SETTLE_MS);
  const idle = await measure(stack, `idle for ${IDLE_MS / 1_000} s`, () => pause(IDLE_MS));
  const filling = await measure(stack, `submits ${requests} requests, until all wait`, async () => {
    await submitAll(stack.client, requests);
    await untilAll(stack.client, 'waiting', requests);
  });
  await pause(SETTLE_MS);
  const waiting = await measure(stack, `waits for ${minutes} min`, () => pause(minutes * MINUTE_MS));
  const intervalSeconds = await gauge(stack, 'interval_seconds');
  const ending = await measure(stack, 'all clusters become ready', async () => {
    await stack.control.advance(2 * CREATING_MS);
    await untilAll(stack.client, 'ready', requests);
  });
  const machine = { cores: os.availableParallelism(), memoryBytes: os.totalmem(), node: process.versions.node };
  return { options, machine, idle, filling, waiting: { ...waiting, intervalSeconds }, ending };
}

const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      reject(new Error('interrupted'));
    });
  }
});
interrupted.catch(() => undefined);

if (process.platform !== 'linux') throw new Error('this benchmark reads memory and CPU from /proc, so it needs Linux');
const dataDir = await mkdtemp(path.join(os.tmpdir(), 'muster-bench-'));
try {
  say('starts Temporal, PostgreSQL, the simulators and the workers');
  const stack = await startStack(dataDir, options.speed);
  try {
    const result = await Promise.race([run(stack), interrupted]);
    console.log(options.json ? JSON.stringify(result, null, 2) : reportOf(result));
  } finally {
    await stack.stop();
  }
} finally {
  // The database is outside the folder if PostgreSQL runs as another user.
  await deleteDatabase(path.join(dataDir, 'postgres'));
  await rm(dataDir, { recursive: true, force: true });
}
