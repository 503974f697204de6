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

const unused = (): Promise<never> => Promise.reject(new Error('not asked for'));
/** A provider that only lists. */
const listing = (clusters: readonly FoundCluster[]): Provider => ({
  ...{ name: 'sagemaker', idempotency: 'unique-name', calls: [], nonexistentId: 'none', close: () => undefined },
  ...{ find: unused, create: unused, observe: unused, access: unused, units: unused, delete: unused, identity: unused },
  list: () => Promise.resolve([...clusters]),
});

interface Surroundings {
  readonly clusters?: readonly FoundCluster[];
  /** What Temporal knows of a workflow that it does not list as running. */
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
      owners: { startLease: unused, startCleanup: ({ key }) => Promise.resolve(void cleaned.push(key)) },
    },
  );
  const { needsAttention } = await sweeper.sweep(true, 1_000);
  return { cleaned, needsAttention };
}

const closed = (completed: boolean): ClosedRun => ({ closedAtMs: Date.now() - 2 * ORPHAN_GRACE_MS, completed });
const NEVER_STARTED: ClosedRun = { closedAtMs: null, completed: false };

const orphan = async (): Promise<{ creation: Creation; region: string }> => {
  const region = fresh('region');
  return { creation: await kit.withCluster('c-1', { placement: { region } }), region };
};

it('a sweep starts the cleanup of a creation whose request was terminated', async () => {
  const { creation, region } = await orphan();
  expect((await swept(region, { closedRun: () => Promise.resolve(closed(false)) })).cleaned).toEqual([creation.key]);
});

it('a sweep leaves a creation to the request that takes it up again before the cleanup starts', async () => {
  const { creation, region } = await orphan();
  const { requestId, team } = creation;
  const closedRun = async (): Promise<ClosedRun> => {
    // The request was submitted again and adopts the creation: its owner has the same name.
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

it('a sweep cleans up an earlier creation that a ledger set back shows as open, once its cluster cannot be in use', async () => {
  const { creation, region } = await orphan();
  const request = requestWorkflowId(creation.requestId);
  const sweptWith = (lease: ClosedRun | undefined, clusters: readonly FoundCluster[] = []) =>
    swept(region, {
      clusters,
      closedRun: (workflowId) => Promise.resolve(workflowId === request ? closed(true) : lease),
    });
  const stays = { cleaned: [], needsAttention: 1 };
  const cluster: FoundCluster = { clusterId: 'c-1', name: creation.key, state: 'ready', createdAtMs: null };
  expect(await sweptWith(NEVER_STARTED, [cluster]), 'its cluster shows').toEqual(stays);
  expect(await sweptWith(undefined), 'its lease runs').toEqual(stays);
  expect(await sweptWith(closed(false)), 'its lease was terminated').toEqual(stays);
  expect((await sweptWith(closed(true))).cleaned, 'its lease has released it').toEqual([creation.key]);
  expect((await sweptWith(NEVER_STARTED)).cleaned, 'it never had a lease').toEqual([creation.key]);
});
