import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StrayReport } from '../../client/audits.ts';
import type { Creation } from '../../contracts/creation.ts';
import { cleanupWorkflowId, leaseWorkflowId, requestWorkflowId } from '../../contracts/ids.ts';
import { MESSAGES, type Workflows } from '../../contracts/messages.ts';
import { QUEUES } from '../../contracts/queues.ts';
import type { ProvisioningRequestInput } from '../../contracts/request.ts';
import { startSimulators, type Simulators } from '../../simulators/index.ts';
import { startRecordingProxy, type RecordingProxy } from '../setup/recording-proxy.ts';
import { createHarness, SPEED, type Harness } from '../setup/harness.ts';
import { untilClosed, untilPending } from '../setup/workflow-runs.ts';
import { latest, untilShown, untilState } from '../setup/leases.ts';
import { emptyLedger } from '../setup/lose-rows.ts';
import { expectLeased } from '../setup/expect-request.ts';
import { aRequest } from '../builders/request.ts';
import { untilSwept } from '../setup/sweeps.ts';
import { until } from '../setup/until.ts';

const HOUR_MS = 3_600_000;

/** Where the two meet: at SageMaker a tag tells whose a cluster is as well, at TensorPool its name alone. */
const ACCOUNTS = [
  {
    location: { provider: 'sagemaker', region: 'us-west-2' },
    create: 'CreateCluster',
    destroy: 'DeleteCluster',
    request: (requestId: string): ProvisioningRequestInput => aRequest(requestId),
  },
  {
    location: { provider: 'tensorpool', region: 'global' },
    create: 'cluster.create',
    destroy: 'cluster.destroy',
    request: (requestId: string): ProvisioningRequestInput => ({
      ...aRequest(requestId),
      placements: [{ provider: 'tensorpool', hourlyPriceMicros: 30_000_000, spec: { instanceType: '8xH100' } }],
    }),
  },
];
const PROVIDERS = ACCOUNTS.map(({ location }) => location.provider);

let simulators: Simulators;
let doors: readonly [RecordingProxy, RecordingProxy];
/** An installation that minds its own, and one whose ledger is lost. */
let mindful: Harness;
let lost: Harness;
beforeAll(async () => {
  simulators = await startSimulators({ speed: SPEED });
  doors = [await startRecordingProxy(simulators, PROVIDERS), await startRecordingProxy(simulators, PROVIDERS)];
  [mindful, lost] = await Promise.all([
    createHarness({ simulators: doors[0].simulators }),
    createHarness({ simulators: doors[1].simulators }),
  ]);
});
afterAll(async () => {
  await Promise.all([mindful.stop(), lost.stop()]);
  await Promise.all(doors.map((proxy) => proxy.close()));
  await simulators.close();
});

const untilMade = (harness: Harness, requestId: string): Promise<Creation> =>
  until(
    async () => {
      const creation = await latest(harness, requestId);
      return creation.clusterId !== null && creation;
    },
    { what: `the cluster of ${requestId}` },
  );

/** Orders to the workflows that outlived a ledger: to release its lease, and to clean up both that and another's. */
async function misled(harness: Harness, used: Creation, anothers: Creation): Promise<void> {
  const { workflow } = harness.client;
  const lease = workflow.getHandle(leaseWorkflowId(used.requestId, 1));
  await lease.signal(MESSAGES.release.name, { who: 'ada', why: 'its ledger is lost' });
  // It asks the ledger in vain, or has noticed before that there is nothing to ask for.
  await Promise.any([
    untilPending(harness.client, lease.workflowId, 'beginClosing', 2),
    untilShown(harness, used, 'parked', 'NotInLedger'),
  ]);
  const cleanUp: Workflows['cleanupCreation'] extends (input: infer Input) => unknown ? Input[] : never = [
    { creation: used },
    { creation: anothers, clusterId: anothers.clusterId ?? '' },
  ];
  for (const input of cleanUp) {
    const workflowId = cleanupWorkflowId(input.creation.key);
    await workflow.start('cleanupCreation', { workflowId, taskQueue: QUEUES.provisioning, args: [input] });
    await untilPending(harness.client, workflowId, 'clusterId' in input ? 'removeLateCluster' : 'beginClosing', 2);
  }
}

describe.each(ACCOUNTS)('two installations on one account at $place.provider', (account) => {
  const { location, create, destroy, request } = account;
  const { provider, region } = location;
  const id = (name: string): string => `${provider}-${name}`;
  const simulatedCluster = async (clusterId: string | null) =>
    (await simulators.control(provider).clusters()).find((cluster) => cluster.id === clusterId);

  it('leave each other, what is lost and strangers alone', { timeout: 120_000 }, async () => {
    const control = simulators.control(provider);
    const ready = async (harness: Harness, name: string): Promise<Creation> => {
      await harness.muster.submit(request(id(name)));
      await harness.muster.result(id(name));
      return latest(harness, id(name));
    };
    const waiting = async (harness: Harness, name: string): Promise<Creation> => {
      await control.addFaults({ operation: create, fault: { kind: 'slow', extraMs: HOUR_MS } });
      await harness.muster.submit(request(id(name)));
      return untilMade(harness, id(name));
    };
    const bothSwept = (): Promise<unknown> =>
      Promise.all([mindful, lost].map(({ workers }) => untilSwept(workers, location)));
    const strays = (harness: Harness): Promise<StrayReport> => harness.muster.strays([location]);

    const used = await ready(mindful, 'used');
    const waits = await waiting(mindful, 'waits');
    const orphan = await waiting(mindful, 'orphan');
    const forgotten = [await ready(lost, 'lost'), await waiting(lost, 'lost-early')] as const;
    await emptyLedger(lost.db);
    await bothSwept();

    const found = await strays(lost);
    expect(found.strays.map(({ clusterId, name }) => ({ clusterId, key: name })).sort(byKey)).toEqual(
      forgotten.map(({ clusterId, key }) => ({ clusterId, key })).sort(byKey),
    );
    for (const { hourlyMicros } of found.strays) expect(hourlyMicros).toBeGreaterThan(0);
    expect(found.foreignClusters).toBe(3);
    expect(await strays(mindful)).toMatchObject({ strays: [], foreignClusters: 2 });

    await mindful.client.workflow.getHandle(requestWorkflowId(orphan.requestId)).terminate('the test');

    const alike = [`${used.key}-h`, used.key.slice(0, -1), `${waits.key}2`];
    const strangers = [...alike, `${forgotten[0].key}-h`, `mu-zzzzzz-${'a'.repeat(26)}`, 'mu-'];
    const seeded = await Promise.all(strangers.map((name) => control.seedCluster({ region, name })));
    await bothSwept();
    expect((await strays(mindful)).strays.map(({ name }) => name).sort()).toEqual([...alike].sort());

    // Everything that ends in a delete, at both; nobody takes the orphan up.
    await misled(lost, forgotten[0], used);
    await control.advance(HOUR_MS);
    await mindful.muster.result(waits.requestId);
    await untilState(mindful, orphan.requestId, 'absent');
    expect(await untilClosed(mindful.client, cleanupWorkflowId(orphan.key))).toBe('COMPLETED');
    const fresh = await ready(lost, 'fresh');
    await lost.muster.release(fresh.requestId);
    await untilState(lost, fresh.requestId, 'released');
    await expectLeased(mindful, used.requestId);
    await mindful.muster.release(used.requestId);
    await untilState(mindful, used.requestId, 'released');
    await bothSwept();

    // Each delete came from whose ledger knows the cluster, and none came by another way.
    const [byMindful, byLost] = doors.map((proxy) => new Set(proxy.deletes(provider)));
    expect(byMindful).toEqual(new Set([used.clusterId, orphan.clusterId]));
    expect(byLost).toEqual(new Set([fresh.clusterId]));
    expect(await control.journal(destroy)).toHaveLength(doors.flatMap((proxy) => proxy.deletes(provider)).length);
    const lives = [waits, ...forgotten].map(({ clusterId }) => clusterId);
    for (const each of [...lives, ...seeded.map((cluster) => cluster.id)]) {
      expect(await simulatedCluster(each)).toMatchObject({ goneAtMs: null });
    }
    await expectLeased(mindful, waits.requestId);
    for (const { ledger } of [mindful, lost]) expect(await ledger.audit()).toEqual([]);
  });
});

const byKey = (one: { key: string }, other: { key: string }): number => one.key.localeCompare(other.key);
