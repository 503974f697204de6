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

/** The shared accounts. At SageMaker the name and a tag tell whose a cluster is, at TensorPool only the name. */
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
let proxies: readonly [RecordingProxy, RecordingProxy];
/** Two installations: one is intact, and one has lost its ledger. */
let intact: Harness;
let lost: Harness;
beforeAll(async () => {
  simulators = await startSimulators({ speed: SPEED });
  proxies = [await startRecordingProxy(simulators, PROVIDERS), await startRecordingProxy(simulators, PROVIDERS)];
  [intact, lost] = await Promise.all([
    createHarness({ simulators: proxies[0].simulators }),
    createHarness({ simulators: proxies[1].simulators }),
  ]);
});
afterAll(async () => {
  await Promise.all([intact.stop(), lost.stop()]);
  await Promise.all(proxies.map((proxy) => proxy.close()));
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

/** Has workflows of a lost ledger release a lease, clean it up, and clean up a cluster of the other installation. */
async function misleadWorkflows(harness: Harness, used: Creation, others: Creation): Promise<void> {
  const { workflow } = harness.client;
  const lease = workflow.getHandle(leaseWorkflowId(used.requestId, 1));
  await lease.signal(MESSAGES.release.name, { who: 'ada', why: 'its ledger is lost' });
  // The lease asks the ledger again and again, or has already noticed that its row is gone.
  await Promise.any([
    untilPending(harness.client, lease.workflowId, 'beginClosing', 2),
    untilShown(harness, used, 'parked', 'NotInLedger'),
  ]);
  const cleanUp: Workflows['cleanupCreation'] extends (input: infer Input) => unknown ? Input[] : never = [
    { creation: used },
    { creation: others, clusterId: others.clusterId ?? '' },
  ];
  for (const input of cleanUp) {
    const workflowId = cleanupWorkflowId(input.creation.key);
    await workflow.start('cleanupCreation', { workflowId, taskQueue: QUEUES.provisioning, args: [input] });
    await untilPending(harness.client, workflowId, 'clusterId' in input ? 'removeLateCluster' : 'beginClosing', 2);
  }
}

describe.each(ACCOUNTS)('two installations on one account at $location.provider', (account) => {
  const { location, create, destroy, request } = account;
  const { provider, region } = location;
  const id = (name: string): string => `${provider}-${name}`;
  const simulatedCluster = async (clusterId: string | null) =>
    (await simulators.control(provider).clusters()).find((cluster) => cluster.id === clusterId);

  it('do not touch clusters of each other, lost clusters or clusters of strangers', { timeout: 120_000 }, async () => {
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
      Promise.all([intact, lost].map(({ workers }) => untilSwept(workers, location)));
    const strays = (harness: Harness): Promise<StrayReport> => harness.muster.strays([location]);

    const used = await ready(intact, 'used');
    const waits = await waiting(intact, 'waits');
    const orphan = await waiting(intact, 'orphan');
    const forgotten = [await ready(lost, 'lost'), await waiting(lost, 'lost-early')] as const;
    await emptyLedger(lost.db);
    await bothSwept();

    const found = await strays(lost);
    expect(found.strays.map(({ clusterId, name }) => ({ clusterId, key: name })).sort(byKey)).toEqual(
      forgotten.map(({ clusterId, key }) => ({ clusterId, key })).sort(byKey),
    );
    for (const { hourlyMicros } of found.strays) expect(hourlyMicros).toBeGreaterThan(0);
    expect(found.foreignClusters).toBe(3);
    expect(await strays(intact)).toMatchObject({ strays: [], foreignClusters: 2 });

    await intact.client.workflow.getHandle(requestWorkflowId(orphan.requestId)).terminate('the test');

    const alike = [`${used.key}-h`, used.key.slice(0, -1), `${waits.key}2`];
    const strangers = [...alike, `${forgotten[0].key}-h`, `mu-zzzzzz-${'a'.repeat(26)}`, 'mu-'];
    const seeded = await Promise.all(strangers.map((name) => control.seedCluster({ region, name })));
    await bothSwept();
    expect((await strays(intact)).strays.map(({ name }) => name).sort()).toEqual([...alike].sort());

    // Everything that deletes a cluster, in both installations. The orphan is cleaned up.
    await misleadWorkflows(lost, forgotten[0], used);
    await control.advance(HOUR_MS);
    await intact.muster.result(waits.requestId);
    await untilState(intact, orphan.requestId, 'absent');
    expect(await untilClosed(intact.client, cleanupWorkflowId(orphan.key))).toBe('COMPLETED');
    const fresh = await ready(lost, 'fresh');
    await lost.muster.release(fresh.requestId);
    await untilState(lost, fresh.requestId, 'released');
    await expectLeased(intact, used.requestId);
    await intact.muster.release(used.requestId);
    await untilState(intact, used.requestId, 'released');
    await bothSwept();

    // Each installation deleted only clusters that its ledger knows, and no delete came from elsewhere.
    const [byIntact, byLost] = proxies.map((proxy) => new Set(proxy.deletes(provider)));
    expect(byIntact).toEqual(new Set([used.clusterId, orphan.clusterId]));
    expect(byLost).toEqual(new Set([fresh.clusterId]));
    expect(await control.journal(destroy)).toHaveLength(proxies.flatMap((proxy) => proxy.deletes(provider)).length);
    const lives = [waits, ...forgotten].map(({ clusterId }) => clusterId);
    for (const each of [...lives, ...seeded.map((cluster) => cluster.id)]) {
      expect(await simulatedCluster(each)).toMatchObject({ goneAtMs: null });
    }
    await expectLeased(intact, waits.requestId);
    for (const { ledger } of [intact, lost]) expect(await ledger.audit()).toEqual([]);
  });
});

const byKey = (one: { key: string }, other: { key: string }): number => one.key.localeCompare(other.key);
