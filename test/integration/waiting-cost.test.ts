import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulators, type CallRecord, type Simulators } from '../../simulators/index.ts';
import { actionsOf, addedActions } from '../setup/actions.ts';
import { submitMany, type ManyRequests } from '../setup/many-requests.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { isHint, histories, type HistoryEvent } from '../setup/history-events.ts';
import { until } from '../setup/until.ts';

/*
 * Counts what a wait costs: events from histories, billable actions from histories and from the server's counter, provider calls from
 * the simulator's journal.
 */

/** The 30 s between two sweeps take 1 s, so a wait has as many sweeps as in real time. */
const SPEED = 30;
const SIZE = 100;
/** Waits of 5 and of 20 minutes in real time. */
const SHORT = { region: 'us-west-2', sweeps: 10 };
const LONG = { region: 'us-east-1', sweeps: 4 * SHORT.sweeps };
const LATE_SWEEPS = 3;
/** Earlier than a request would check without a hint, as with the defaults. */
const READY_TIMEOUT_MS = 18 * 60_000;
const HOUR_MS = 3_600_000;
/** Clusters that become ready between two sweeps: few enough that the machine handles them before the next sweep. */
const AT_ONCE = 10;

const MOST_EVENTS = 12;
const MOST_ACTIONS = 4;
const MOST_CALLS = 2.5;
/** A signal, and the workflow task that handles it. */
const EVENTS_A_HINT = 4;

/**
 * Events between the create and the lease without a wait: the workflow task between them, the end of the create's timer, and the
 * search attributes that show the cluster, which are an action.
 */
const WITHOUT_A_WAIT: readonly string[] = [
  'workflowTaskScheduled',
  'workflowTaskStarted',
  'workflowTaskCompleted',
  'timerCanceled',
  'upsertWorkflowSearchAttributes',
];
const ACTIONS_WITHOUT_A_WAIT = 1;

/** Events that are billed as one action each. */
const BILLED = new Set([
  'activityTaskScheduled',
  'timerStarted',
  'workflowExecutionSignaled',
  'upsertWorkflowSearchAttributes',
]);

let harness: Harness;
let simulators: Simulators;
beforeAll(async () => {
  // Clusters become ready only when the test makes them ready.
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

/** Makes the clusters ready, a few after each sweep. */
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

/** Calls of checks: reads of a cluster by its id before its nodes are listed, which happens once it is usable. */
function countChecks(calls: readonly CallRecord[]): number {
  const usable = new Set<string>();
  let looks = 0;
  for (const call of calls) {
    const id = bodyOf(call).ClusterName ?? '';
    if (call.operation === 'ListClusterNodes') usable.add(id);
    if (call.operation === 'DescribeCluster' && id.startsWith('arn:') && !usable.has(id)) looks += 1;
  }
  return looks;
}

/** The events of a request's history between the create and the lease. */
function eventsOfWait(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const at = (kind: string, name: string): number =>
    events.findIndex((each) => each.kind === kind && each.name === name);
  return events.slice(at('activityTaskCompleted', 'createCluster') + 1, at('activityTaskScheduled', 'lease'));
}

async function expectCheap({ region, requestIds }: ManyRequests): Promise<void> {
  const calls = await callsIn(region);
  const lists = calls.filter(({ operation }) => operation === 'ListClusters').length;
  expect((lists + countChecks(calls)) / SIZE, `provider calls a request in ${region}`).toBeLessThanOrEqual(MOST_CALLS);

  const waits = (await histories(harness.client, requestIds)).map(eventsOfWait);
  let notifiedOnce = 0;
  for (const wait of waits) {
    // Repeated hints before it had checked: this machine is slower than real ones. Each is a signal and a task.
    const again = wait.filter(isHint).length - 1;
    if (again === 0) notifiedOnce += 1;
    const billed = wait.filter(({ kind }) => BILLED.has(kind)).length;
    expect(wait.length - WITHOUT_A_WAIT.length).toBeLessThanOrEqual(MOST_EVENTS + again * EVENTS_A_HINT);
    expect(billed - ACTIONS_WITHOUT_A_WAIT).toBeLessThanOrEqual(MOST_ACTIONS + again);
  }
  expect(notifiedOnce, 'requests that got one hint').toBeGreaterThan(SIZE / 2);
}

describe('a wait, with 100 waiting at once', () => {
  it(
    'costs at most 12 events, 4 actions and 2.5 provider calls, however long it is',
    { timeout: 420_000 },
    async () => {
      const { namespace } = harness.client.options;
      const of = (region: string): Promise<ManyRequests> =>
        submitMany(harness, { size: SIZE, region, readyTimeoutMs: READY_TIMEOUT_MS });
      const short = await of(SHORT.region);
      const long = await of(LONG.region);
      await short.untilAllWait();
      await long.untilAllWait();
      const [shortSweeps, longSweeps] = [await sweepsIn(short.region), await sweepsIn(long.region)];

      // The server's counter is about a second late.
      await untilSweeps(short.region, shortSweeps + LATE_SWEEPS);
      const before = await actionsOf(namespace);
      await untilSweeps(short.region, shortSweeps + LATE_SWEEPS + SHORT.sweeps);
      // By the server's counter, only the heartbeats of the two monitors.
      expect(Object.keys(addedActions(before, await actionsOf(namespace)))).toEqual([
        'grpc_RecordActivityTaskHeartbeat',
      ]);
      await makeReady(short);
      await short.untilAllReady();
      await expectCheap(short);

      await untilSweeps(long.region, longSweeps + LONG.sweeps);
      await makeReady(long);
      await long.untilAllReady();
      await expectCheap(long);
    },
  );
});
