import { expect, it } from 'vitest';
import type { Creation } from '../../../contracts/creation.ts';
import { until } from '../../setup/until.ts';
import type { ProviderCase } from '../kit/case.ts';
import { CALL_TIMEOUT_MS } from '../kit/faults.ts';
import { beginClosing, DEADLINE_PASSED, oneTry, retryDelayOf, settle } from '../kit/creation-run.ts';
import { clustersNamed, expectSettled } from '../kit/expectations.ts';
import { createWorld, type Fixture, type World } from '../kit/world.ts';

/** After the end of the claim, and before the end of the window. */
const APPEARS_AFTER_MS = 2 * CALL_TIMEOUT_MS + 500;
/** Long enough for all steps of a test on a busy machine. */
const WINDOW_MS = 5_000;
/** The shortest pause between two searches: half a minute at the simulator's speed would be shorter. */
const SEARCH_PAUSE_MS = 50;

/** After a send without an answer, a late cluster is waited for. */
export function lateClusters(providerCase: ProviderCase, fixture: () => Fixture): void {
  const lostSend = async (afterMs: number): Promise<{ world: World; creation: Creation }> => {
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open({ windowMs: WINDOW_MS });
    const { key } = creation;
    await world.control.addFaults({ operation: providerCase.createCall, fault: { kind: 'late-cluster', afterMs } });
    expect(await oneTry(() => world.steps.createCluster({ key }))).toMatchObject({ type: 'Ambiguous' });
    await beginClosing(world, creation, DEADLINE_PASSED);
    return { world, creation };
  };

  it.concurrent('deletes a cluster that appears after its creation began to close', async () => {
    const { world, creation } = await lostSend(APPEARS_AFTER_MS);
    expect(await clustersNamed(world, creation.key)).toEqual([]);
    const settled = await settle(world, creation);
    expect(await clustersNamed(world, creation.key)).toHaveLength(1);
    await expectSettled(world, settled);
    expect(settled.costMicros).toBeGreaterThan(0);
  });

  it.concurrent('waits until the window has passed when no cluster appears', async () => {
    const { world, creation } = await lostSend(1e9);
    const row = await world.providerLedger.read(creation.key);
    await expectSettled(world, await settle(world, creation));
    const { endedAtMs } = await settle(world, creation);
    expect(endedAtMs).toBeGreaterThan((row?.sendUntilMs ?? Infinity) + WINDOW_MS);
  });

  it.concurrent('searches repeatedly while the window lasts', async () => {
    const { world, creation } = await lostSend(1e9);
    expect(await retryDelayOf(() => world.steps.makeAbsent(creation))).toBe(SEARCH_PAUSE_MS);
  });

  it.concurrent('pauses before it searches again after a create without an answer', async ({ skip }) => {
    const world = await createWorld(fixture(), providerCase);
    skip(world.provider.idempotency === 'unique-name', 'with unique names the create is sent again at once');
    const creation = await world.open({ windowMs: WINDOW_MS });
    const fault = { kind: 'late-cluster', afterMs: 1e9 } as const;
    await world.control.addFaults({ operation: providerCase.createCall, fault });
    await oneTry(() => world.steps.createCluster(creation));
    expect(await retryDelayOf(() => world.steps.createCluster(creation))).toBe(SEARCH_PAUSE_MS);
  });

  it.concurrent(
    'accepts no proof before the window has passed, and none that is based on another count of sends',
    async () => {
      const { world, creation } = await lostSend(APPEARS_AFTER_MS);
      const { key } = creation;
      expect(await oneTry(() => world.steps.makeAbsent({ key }))).toMatchObject({ type: 'NotReady' });
      const proofOn = (claims: number) => world.ledger.settle(key, { claims, goneAtMs: Date.now() }, 'test');
      expect((await proofOn(1)).outcome).toBe('stale-proof');
      expect((await proofOn(0)).outcome).toBe('stale-proof');
      await expectSettled(world, await settle(world, creation));
      expect(await clustersNamed(world, key)).toHaveLength(1);
    },
  );

  it.concurrent('neither sends nor adopts once the creation closes', async () => {
    const { world, creation } = await lostSend(10);
    const { key } = creation;
    await until(async () => (await clustersNamed(world, key)).length === 1, { what: 'the late cluster' });
    expect(await world.steps.createCluster({ key })).toEqual({ kind: 'closed' });
    expect(await oneTry(() => world.steps.checkReadiness({ key, clusterId: providerCase.unknownId }))).toMatchObject({
      type: 'CreationClosed',
    });
    await expectSettled(world, await settle(world, creation));
    expect(await world.control.journal(providerCase.createCall)).toHaveLength(1);
  });
}
