import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createMonitorLedger } from '../../activities/ledger/monitor-ledger.ts';
import type { FoundCluster, Provider } from '../../activities/providers/provider.ts';
import type { ClosedRun } from '../../activities/monitor/compare.ts';
import { Sweeper } from '../../activities/monitor/sweep.ts';
import type { Creation } from '../../contracts/creation.ts';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { ORPHAN_GRACE_MS } from '../../contracts/limits.ts';
import { fresh, openKit, type Kit } from './kit.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterAll(() => kit.drop());

const never = (): Promise<never> => Promise.reject(new Error('not asked for'));
/** A provider that only lists. */
const listing = (clusters: readonly FoundCluster[]): Provider => ({
  ...{ name: 'sagemaker', idempotency: 'unique-name', calls: [], nonexistentId: 'nobody', close: () => undefined },
  ...{ find: never, create: never, observe: never, access: never, units: never, delete: never, identity: never },
  list: () => Promise.resolve([...clusters]),
});

interface Surroundings {
  readonly clusters?: readonly FoundCluster[];
  /** What Temporal says of a workflow that it does not list as running. */
  readonly closedRun: (workflowId: string) => Promise<ClosedRun | undefined>;
}

/** Sweeps a region of the real ledger once. @returns the keys whose cleanup was started, and how many were left */
async function swept(region: string, { clusters = [], closedRun }: Surroundings) {
  const cleaned: string[] = [];
  const sweeper = new Sweeper(
    {
      ...{
        provider: listing(clusters),
        monitorLedger: createMonitorLedger(kit.provider, 'sagemaker'),
        timing: { speed: 1 },
      },
      ownerRuns: { running: () => Promise.resolve(new Map()), closedRun, notify: () => Promise.resolve(false) },
    },
    {
      ...{ region, cleanups: 'start' },
      owners: { startLease: never, startCleanup: ({ key }) => Promise.resolve(void cleaned.push(key)) },
    },
  );
  const { needsAttention } = await sweeper.sweep(true, 1_000);
  return { cleaned, needsAttention };
}

const closed = (completed: boolean): ClosedRun => ({ closedAtMs: Date.now() - 2 * ORPHAN_GRACE_MS, completed });
const NEVER_WAS: ClosedRun = { closedAtMs: null, completed: false };

const orphan = async (): Promise<{ creation: Creation; region: string }> => {
  const region = fresh('region');
  return { creation: await kit.withCluster('c-1', { placement: { region } }), region };
};

it('has a creation cleaned up whose request was terminated', async () => {
  const { creation, region } = await orphan();
  expect((await swept(region, { closedRun: () => Promise.resolve(closed(false)) })).cleaned).toEqual([creation.key]);
});

it('leaves it to the request that takes it up again before its cleanup is started', async () => {
  const { creation, region } = await orphan();
  const { requestId, team } = creation;
  const closedRun = async (): Promise<ClosedRun> => {
    // Submitted again, and adopted: the same owner by name.
    const input = await kit.opening({ requestId, team, version: 1, placement: { region } });
    const again = await kit.ledger.openCreation(input);
    expect(again).toMatchObject({
      outcome: 'existing',
      creation: { owner: creation.owner, epoch: creation.epoch + 1 },
    });
    return closed(false);
  };
  expect(await swept(region, { closedRun })).toEqual({ cleaned: [], needsAttention: 1 });
});

it('has an earlier creation cleaned up that a set back ledger shows as open, once nothing of it is left to be in use', async () => {
  const { creation, region } = await orphan();
  const request = requestWorkflowId(creation.requestId);
  const callLedger = (lease: ClosedRun | undefined, clusters: readonly FoundCluster[] = []) =>
    swept(region, {
      clusters,
      closedRun: (workflowId) => Promise.resolve(workflowId === request ? closed(true) : lease),
    });
  const stays = { cleaned: [], needsAttention: 1 };
  const cluster: FoundCluster = { clusterId: 'c-1', name: creation.key, state: 'ready', createdAtMs: null };
  expect(await callLedger(NEVER_WAS, [cluster]), 'its cluster shows').toEqual(stays);
  expect(await callLedger(undefined), 'its lease runs').toEqual(stays);
  expect(await callLedger(closed(false)), 'its lease was terminated').toEqual(stays);
  expect((await callLedger(closed(true))).cleaned, 'its lease has released it').toEqual([creation.key]);
  expect((await callLedger(NEVER_WAS)).cleaned, 'it never had a lease').toEqual([creation.key]);
});
