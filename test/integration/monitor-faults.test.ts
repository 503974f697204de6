import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMonitors } from '../../activities/monitor/monitors.ts';
import { monitorWorkflowId } from '../../contracts/ids.ts';
import type { Workflows } from '../../contracts/messages.ts';
import { QUEUES } from '../../contracts/queues.ts';
import { startSimulators, type Simulators } from '../../simulators/index.ts';
import type { Role } from '../../workers/roles.ts';
import { submitMany, type ManyRequests } from '../setup/many-requests.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { untilPending } from '../setup/workflow-runs.ts';
import { isHint, isReadinessCheck, histories } from '../setup/history-events.ts';
import { until } from '../setup/until.ts';
import { startWorkerProcess, type WorkerProcess } from '../setup/worker-process.ts';

/*
 * Requests wait, their monitor fails, and their clusters become ready meanwhile. The first sweep after that sends a hint to every
 * request, and each request needs one check to become ready.
 */

/** A sweep every 3 s. Another worker takes over a silent monitor after 7.5 s; a terminated one is restarted within 6 s. */
const SPEED = 10;
const REGION = 'us-west-2';
const MONITOR = monitorWorkflowId('sagemaker', REGION);
const HOUR_MS = 3_600_000;
/** Without a hint, a request checks after an hour at the earliest. No request may wait that long, or reach its deadline. */
const READY_TIMEOUT_MS = HOUR_MS;
const TIMEOUT_MS = 420_000;
/** The server still gives steps to a frozen process, each until its heartbeat timeout. */
const TAKEOVER = { timeoutMs: 120_000 };

let harness: Harness;
let simulators: Simulators;
let processes: WorkerProcess[];

const begin = async (roles: readonly Role[]): Promise<void> => {
  harness = await createHarness({ speed: SPEED, simulators, roles });
};
beforeEach(async () => {
  processes = [];
  // Clusters become ready only when the test advances the clock.
  simulators = await startSimulators({ speed: 1, sagemaker: { durations: { creatingMs: HOUR_MS } } });
});
afterEach(async () => {
  const ends = await Promise.allSettled(processes.map((each) => each.kill()));
  await harness.stop();
  await simulators.close();
  expect(ends.filter(({ status }) => status === 'rejected')).toEqual([]);
});

const startProcess = async (): Promise<WorkerProcess> => {
  const started = await startWorkerProcess('sagemaker', harness.environment);
  processes.push(started);
  return started;
};

/** Submits requests and waits until all wait for their clusters and the monitor has swept. */
async function waiting(size: number): Promise<ManyRequests> {
  const all = await submitMany(harness, { size, region: REGION, readyTimeoutMs: READY_TIMEOUT_MS });
  await all.untilAllWait();
  await untilSweepsOf(MONITOR);
  return all;
}

const handle = (workflowId = MONITOR) => harness.client.workflow.getHandle(workflowId);

/** Waits until a run of a monitor has completed a sweep. */
const untilSweepsOf = (workflowId: string): Promise<unknown> =>
  until(
    async () => {
      const { raw } = await handle(workflowId).describe();
      return raw.pendingActivities?.some(({ heartbeatDetails }) => heartbeatDetails != null);
    },
    { what: `a sweep of ${workflowId}`, ...TAKEOVER },
  );

/** The process whose monitor sweeps. */
async function sweepingProcess(): Promise<WorkerProcess> {
  const { raw } = await handle().describe();
  const identity = raw.pendingActivities?.[0]?.lastWorkerIdentity ?? '';
  const found = processes.find(({ pid }) => identity.startsWith(`${pid}@`));
  if (found === undefined) throw new Error(`no worker process of this test sweeps: ${identity}`);
  return found;
}

const ADVANCED_MS = 2 * HOUR_MS;
/** Makes all clusters ready. @returns when, ms since the epoch */
const makeReady = async (): Promise<number> => (await harness.control.advance(ADVANCED_MS)) - ADVANCED_MS;

/** Starts of the sweeps after the clusters became ready, ms since the epoch: each sweep lists a first page. */
async function sweepsSince(readyAtMs: number): Promise<readonly number[]> {
  const calls = await harness.control.journal('ListClusters');
  return calls
    .filter(({ body }) => (body as { NextToken?: string }).NextToken === undefined)
    .map(({ receivedAtMs }) => receivedAtMs - ADVANCED_MS)
    .filter((atMs) => atMs >= readyAtMs);
}

/**
 * Every request got its hint from the first sweep after that, checked once, and has a lease with its only cluster.
 * @param monitoring how many monitors swept: each has a first sweep
 */
async function expectAllReadyByOneSweep(
  { requestIds }: ManyRequests,
  readyAtMs: number,
  monitoring = 1,
): Promise<void> {
  const sweeps = await sweepsSince(readyAtMs);
  for (const [index, events] of (await histories(harness.client, requestIds)).entries()) {
    const of = requestIds[index];
    const hint = events.find(isHint);
    if (hint === undefined) throw new Error(`${of} got no hint`);
    const before = sweeps.filter((beganAtMs) => beganAtMs <= hint.atMs);
    expect(before.length, `sweeps that began before ${of} got its hint`).toBeLessThanOrEqual(monitoring);
    expect(events.filter(isReadinessCheck), `checks of ${of}`).toHaveLength(1);
  }
  const { rows } = await harness.db.admin.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from muster.creation group by state',
  );
  expect(rows).toEqual([{ state: 'leased', count: requestIds.length }]);
  expect(await harness.control.clusters({ live: true })).toHaveLength(requestIds.length);
  expect(await harness.control.clusters()).toHaveLength(requestIds.length);
  expect(await harness.ledger.audit()).toEqual([]);
  const { count: cleanups } = await harness.client.workflow.count("WorkflowType = 'cleanupCreation'");
  expect(cleanups).toBe(0);
}

describe('while requests wait, a monitor', () => {
  it('is killed: the first sweep of the next one sends a hint to all 500', { timeout: TIMEOUT_MS }, async () => {
    await begin(['workflows', 'ledger']);
    const killed = await startProcess();
    const all = await waiting(500);

    await killed.kill();
    const readyAtMs = await makeReady();
    const next = await startProcess();
    await all.untilAllReady();

    expect(await next.measured('muster_monitor_hints_sent_total', REGION)).toBeGreaterThanOrEqual(500);
    await expectAllReadyByOneSweep(all, readyAtMs);
  });

  it(
    'is frozen: another takes over, and the old one does no harm when it goes on',
    { timeout: TIMEOUT_MS },
    async () => {
      await begin(['workflows', 'ledger']);
      await startProcess();
      await startProcess();
      const all = await waiting(120);

      // Freezes it during a sweep: it has read its rows, and its listing arrives after everything has changed.
      const frozen = await sweepingProcess();
      await harness.control.addFaults({
        operation: 'ListClusters',
        fault: { kind: 'delay', when: 'before', ms: 3_000 },
      });
      await until(async () => (await harness.control.faults()).length === 0, { what: 'a listing that waits' });
      frozen.signal('SIGSTOP');
      const readyAtMs = await makeReady();

      const other = processes.find((each) => each !== frozen);
      if (other === undefined) throw new Error('there is no other process');
      await until(async () => ((await other.measured('muster_monitor_hints_sent_total', REGION)) ?? 0) >= 120, {
        what: 'hints to all requests from the other process',
        ...TAKEOVER,
      });
      frozen.signal('SIGCONT');
      // The frozen process does the steps that the server gave it.
      await all.untilAllReady();
      await until(async () => (await frozen.measured('muster_monitor_interval_seconds', REGION)) === undefined, {
        what: 'the end of the stale sweeps',
      });
      expect(await sweepingProcess()).toBe(other);
      await expectAllReadyByOneSweep(all, readyAtMs);
    },
  );

  it('is terminated: it is restarted', { timeout: TIMEOUT_MS }, async () => {
    await begin(['workflows', 'ledger', 'sagemaker']);
    const all = await waiting(120);

    const { runId } = await handle().describe();
    await handle().terminate('somebody pressed the button');
    const readyAtMs = await makeReady();
    await all.untilAllReady();

    await until(async () => (await handle().describe()).runId !== runId, { what: 'a new run' });
    await untilSweepsOf(MONITOR);
    const monitors = createMonitors(harness.client, 'sagemaker', SPEED);
    await until(async () => (await monitors.status(REGION))?.alive, { what: 'a monitor that counts as alive' });
    // The terminated one may still sweep when the next one begins.
    await expectAllReadyByOneSweep(all, readyAtMs, 2);
  });

  it('is started twice: each request still checks once', { timeout: TIMEOUT_MS }, async () => {
    await begin(['workflows', 'ledger']);
    await startProcess();
    await startProcess();
    const all = await waiting(120);

    const second = `${MONITOR}/again`;
    await harness.client.workflow.start<Workflows['monitorRegion']>('monitorRegion', {
      workflowId: second,
      taskQueue: QUEUES.monitor,
      args: [{ provider: 'sagemaker', region: REGION, heartbeatTimeoutMs: 7_500 }],
    });
    await untilPending(harness.client, second, 'monitor');
    await untilSweepsOf(second);
    const readyAtMs = await makeReady();
    await all.untilAllReady();

    expect((await handle().describe()).status.name).toBe('RUNNING');
    expect((await handle(second).describe()).status.name).toBe('RUNNING');
    await expectAllReadyByOneSweep(all, readyAtMs, 2);
  });
});
