import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulators, type CallRecord, type Simulators } from '../../simulators/index.ts';
import { actionsOf, addedActions } from '../setup/actions.ts';
import { submitMany, type ManyRequests } from '../setup/many-requests.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { isHint, histories, type HistoryEvent } from '../setup/history-events.ts';
import { until } from '../setup/until.ts';

/*
 * What it costs to wait, counted: events from histories, billable actions from histories and the server's own counter,
 * provider calls from the simulator's journal.
 */

/** Half a minute between two sweeps is a second: as many sweeps in a wait as in life. */
const SPEED = 30;
const SIZE = 100;
/** As if 5 minutes, and 20. */
const SHORT = { region: 'us-west-2', sweeps: 10 };
const LONG = { region: 'us-east-1', sweeps: 4 * SHORT.sweeps };
const LATE_SWEEPS = 3;
/** Sooner than a request would look unasked, as with the defaults of both. */
const READY_TIMEOUT_MS = 18 * 60_000;
const HOUR_MS = 3_600_000;
/** Clusters that become ready between two sweeps: so many that the machine is done with them by the next. */
const AT_ONCE = 10;

const MOST_EVENTS = 12;
const MOST_ACTIONS = 4;
const MOST_CALLS = 2.5;
/** A signal, and the workflow task that takes it. */
const EVENTS_A_HINT = 4;

/**
 * What stands between the create and the lease without any wait: the workflow task that goes on from the one to the
 * other, the end of the create's deadline, and the attributes that show the cluster, which are an action.
 */
const ANYWAY: readonly string[] = [
  'workflowTaskScheduled',
  'workflowTaskStarted',
  'workflowTaskCompleted',
  'timerCanceled',
  'upsertWorkflowSearchAttributes',
];
const ACTIONS_ANYWAY = 1;

/** Events that are billed each. */
const BILLED = new Set([
  'activityTaskScheduled',
  'timerStarted',
  'workflowExecutionSignaled',
  'upsertWorkflowSearchAttributes',
]);

let harness: Harness;
let simulators: Simulators;
beforeAll(async () => {
  // Clusters become ready when they are told to.
  simulators = await startSimulators({ speed: 1, sagemaker: { durations: { creatingMs: HOUR_MS } } });
  harness = await createHarness({ speed: SPEED, simulators });
});
afterAll(async () => {
  await harness.stop();
  await simulators.close();
});

const callsIn = async (region: string): Promise<readonly CallRecord[]> =>
  (await harness.control.journal()).filter((call) => call.region === region);
const sweepsIn = async (region: string): Promise<number> => (await callsIn(region)).filter(isFirstPage).length;
const bodyOf = ({ body }: CallRecord): { ClusterName?: string; NextToken?: string } => body as object;
const isFirstPage = (call: CallRecord): boolean =>
  call.operation === 'ListClusters' && bodyOf(call).NextToken === undefined;

const untilSweeps = (region: string, sweeps: number): Promise<unknown> =>
  until(async () => (await sweepsIn(region)) >= sweeps, { what: `${sweeps} sweeps in ${region}`, timeoutMs: 120_000 });

/** Lets the clusters become ready, a few after each other. */
async function makeReady({ region }: ManyRequests): Promise<void> {
  const names = (await harness.control.clusters())
    .filter((cluster) => cluster.region === region)
    .map(({ name }) => name);
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const some = names.slice(from, from + AT_ONCE);
    await Promise.all(some.map((name) => harness.control.setStatus({ region, name, status: 'InService' })));
    await untilSweeps(region, (await sweepsIn(region)) + 1);
  }
}

/** Calls of looks: what is read of a cluster by its id until its nodes are listed, which is done once it is usable. */
function looksIn(calls: readonly CallRecord[]): number {
  const usable = new Set<string>();
  let looks = 0;
  for (const call of calls) {
    const id = bodyOf(call).ClusterName ?? '';
    if (call.operation === 'ListClusterNodes') usable.add(id);
    if (call.operation === 'DescribeCluster' && id.startsWith('arn:') && !usable.has(id)) looks += 1;
  }
  return looks;
}

/** The events of a request between the create and the lease. */
function waitOf(story: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const at = (kind: string, name: string): number =>
    story.findIndex((each) => each.kind === kind && each.name === name);
  return story.slice(at('activityTaskCompleted', 'createCluster') + 1, at('activityTaskScheduled', 'lease'));
}

async function expectCheap({ region, requestIds }: ManyRequests): Promise<void> {
  const calls = await callsIn(region);
  const lists = calls.filter(({ operation }) => operation === 'ListClusters').length;
  expect((lists + looksIn(calls)) / SIZE, `provider calls a request in ${region}`).toBeLessThanOrEqual(MOST_CALLS);

  const waits = (await histories(harness.client, requestIds)).map(waitOf);
  let toldOnce = 0;
  for (const wait of waits) {
    // Told again before it had looked: the machine is not as much faster as the provider is. Each is a signal and a task.
    const again = wait.filter(isHint).length - 1;
    if (again === 0) toldOnce += 1;
    const recordPrice = wait.filter(({ kind }) => BILLED.has(kind)).length;
    expect(wait.length - ANYWAY.length).toBeLessThanOrEqual(MOST_EVENTS + again * EVENTS_A_HINT);
    expect(recordPrice - ACTIONS_ANYWAY).toBeLessThanOrEqual(MOST_ACTIONS + again);
  }
  expect(toldOnce, 'requests that were told once').toBeGreaterThan(SIZE / 2);
}

describe('a wait, with 100 waiting at once', () => {
  it('costs at most 12 events, 4 actions and 2.5 provider calls, however long', { timeout: 240_000 }, async () => {
    const { namespace } = harness.client.options;
    const of = (region: string): Promise<ManyRequests> =>
      submitMany(harness, { size: SIZE, region, readyTimeoutMs: READY_TIMEOUT_MS });
    const short = await of(SHORT.region);
    const long = await of(LONG.region);
    await short.untilAllWait();
    await long.untilAllWait();
    const [shortSweeps, longSweeps] = [await sweepsIn(short.region), await sweepsIn(long.region)];

    // The counter comes late, by a second or so.
    await untilSweeps(short.region, shortSweeps + LATE_SWEEPS);
    const partial = await actionsOf(namespace);
    await untilSweeps(short.region, shortSweeps + LATE_SWEEPS + SHORT.sweeps);
    // Nothing but the heartbeats of the two monitors, by the server's own count.
    expect(Object.keys(addedActions(partial, await actionsOf(namespace)))).toEqual([
      'grpc_RecordActivityTaskHeartbeat',
    ]);
    await makeReady(short);
    await short.untilAllReady();
    await expectCheap(short);

    await untilSweeps(long.region, longSweeps + LONG.sweeps);
    await makeReady(long);
    await long.untilAllReady();
    await expectCheap(long);
  });
});
