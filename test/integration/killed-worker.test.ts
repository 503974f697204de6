import { afterEach, beforeEach, expect, it } from 'vitest';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { untilClosed, untilPending, untilWaiting } from '../setup/workflow-runs.ts';
import { expectLeased } from '../setup/expect-request.ts';
import { aRequest } from '../builders/request.ts';
import { until } from '../setup/until.ts';
import { startWorkerProcess, type WorkerProcess } from '../setup/worker-process.ts';

/*
 * A check may take 3 minutes. Heartbeats tell Temporal whether its worker lives. The history shows how the first attempt ended, and
 * whether there was a second one.
 */

const REGION = 'us-west-2';
const ANSWER_MS = 20_000;
const HOUR_MS = 3_600_000;
const TIMEOUT_MS = 180_000;

let harness: Harness;
let processes: WorkerProcess[];
const startProcess = async (): Promise<WorkerProcess> => {
  const started = await startWorkerProcess('sagemaker', harness.environment);
  processes.push(started);
  return started;
};

let first: WorkerProcess;
beforeEach(async () => {
  processes = [];
  harness = await createHarness({ speed: 10, roles: ['workflows', 'ledger'] });
  first = await startProcess();
});
afterEach(async () => {
  await Promise.all(processes.map((each) => each.kill()));
  await harness.stop();
});

/** Submits a request whose cluster is ready, and whose check waits for slow replies of the provider. */
async function slowCheckOf(requestId: string, operations: readonly string[]): Promise<void> {
  await harness.muster.submit(aRequest(requestId, [REGION]));
  await untilWaiting(harness.client, requestWorkflowId(requestId));
  for (const operation of operations) {
    await harness.control.addFaults({ operation, fault: { kind: 'delay', when: 'before', ms: ANSWER_MS } });
  }
  await harness.control.advance(HOUR_MS);
  await until(async () => (await harness.control.faults()).length < operations.length, { what: 'a check that waits' });
  await untilPending(harness.client, requestWorkflowId(requestId), 'checkReadiness');
}

/** The attempts of a request's checks, each with the failure of the attempt before. */
async function attemptsOf(requestId: string): Promise<readonly { attempt: number; failure: string | undefined }[]> {
  const { events } = await harness.client.workflow.getHandle(requestWorkflowId(requestId)).fetchHistory();
  const looks = (events ?? [])
    .filter(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === 'checkReadiness')
    .map(({ eventId }) => String(eventId));
  return (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) =>
    started != null && looks.includes(String(started.scheduledEventId))
      ? [{ attempt: started.attempt ?? 0, failure: started.lastFailure?.message ?? undefined }]
      : [],
  );
}

it(
  'a check is taken over by another worker when its own is killed, long before its time-out',
  async () => {
    await slowCheckOf('killed', ['DescribeCluster']);
    await first.kill();
    await startProcess();
    expect(await untilClosed(harness.client, requestWorkflowId('killed'), TIMEOUT_MS)).toBe('COMPLETED');
    await expectLeased(harness, 'killed');
    const [look] = await attemptsOf('killed');
    expect(look?.attempt).toBeGreaterThan(1);
    expect(look?.failure).toMatch(/heartbeat/i);
  },
  TIMEOUT_MS,
);

it(
  'a check that takes longer than its heartbeat timeout is not interrupted while its worker lives',
  async () => {
    await slowCheckOf('slow', ['DescribeCluster', 'ListClusterNodes']);
    expect(await untilClosed(harness.client, requestWorkflowId('slow'), TIMEOUT_MS)).toBe('COMPLETED');
    await expectLeased(harness, 'slow');
    for (const look of await attemptsOf('slow')) expect(look).toEqual({ attempt: 1, failure: undefined });
  },
  TIMEOUT_MS,
);
