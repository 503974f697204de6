import { expect, it } from 'vitest';
import type { Creation } from '../../../contracts/creation.ts';
import { until } from '../../setup/until.ts';
import type { ProviderCase } from '../kit/case.ts';
import { CALL_TIMEOUT_MS } from '../kit/faults.ts';
import { CANCELLED, close, oneTry, pauseAfter, settle } from '../kit/life.ts';
import { clustersNamed, expectSettled } from '../kit/oracle.ts';
import { createWorld, type Books, type World } from '../kit/world.ts';

/** After the claim has ended, and before the window has. */
const BORN_AFTER_MS = 2 * CALL_TIMEOUT_MS + 500;
/** Long enough for what a test asks of it meanwhile, on a busy machine. */
const WINDOW_MS = 5_000;
/** Least pause between two looks: what a fast vendor's half minute comes to. */
const LOOK_MS = 50;

/** A send without an answer is waited for. */
export function lateClusters(providerCase: ProviderCase, books: () => Books): void {
  const lostSend = async (afterMs: number): Promise<{ world: World; creation: Creation }> => {
    const world = await createWorld(books(), providerCase);
    const creation = await world.open({ windowMs: WINDOW_MS });
    const { key } = creation;
    await world.control.addFaults({ operation: providerCase.createCall, fault: { kind: 'late-cluster', afterMs } });
    expect(await oneTry(() => world.steps.createCluster({ key }))).toMatchObject({ type: 'Ambiguous' });
    await close(world, creation, CANCELLED);
    return { world, creation };
  };

  it.concurrent('deletes a cluster that is born after its creation began to close', async () => {
    const { world, creation } = await lostSend(BORN_AFTER_MS);
    expect(await clustersNamed(world, creation.key)).toEqual([]);
    const settled = await settle(world, creation);
    expect(await clustersNamed(world, creation.key)).toHaveLength(1);
    await expectSettled(world, settled);
    expect(settled.costMicros).toBeGreaterThan(0);
  });

  it.concurrent('waits for one that is never born until its window has passed', async () => {
    const { world, creation } = await lostSend(1e9);
    const row = await world.providerLedger.read(creation.key);
    await expectSettled(world, await settle(world, creation));
    const { endedAtMs } = await settle(world, creation);
    expect(endedAtMs).toBeGreaterThan((row?.sendUntilMs ?? Infinity) + WINDOW_MS);
  });

  it.concurrent('looks again and again while the window lasts, on the way to a cluster and to its end', async () => {
    const { world, creation } = await lostSend(1e9);
    expect(await pauseAfter(() => world.steps.makeAbsent(creation))).toBe(LOOK_MS);
  });

  it.concurrent('waits before it looks again for a cluster whose create got no reply', async ({ skip }) => {
    const world = await createWorld(books(), providerCase);
    skip(world.provider.idempotency === 'unique-name', 'where a name is unique, the create is sent again at once');
    const creation = await world.open({ windowMs: WINDOW_MS });
    const fault = { kind: 'late-cluster', afterMs: 1e9 } as const;
    await world.control.addFaults({ operation: providerCase.createCall, fault });
    await oneTry(() => world.steps.createCluster(creation));
    expect(await pauseAfter(() => world.steps.createCluster(creation))).toBe(LOOK_MS);
  });

  it.concurrent('takes no proof before the window has passed, nor one that rests on other sends', async () => {
    const { world, creation } = await lostSend(BORN_AFTER_MS);
    const { key } = creation;
    expect(await oneTry(() => world.steps.makeAbsent({ key }))).toMatchObject({ type: 'NotReady' });
    const proofOn = (claims: number) => world.ledger.settle(key, { claims, goneAtMs: Date.now() }, 'test');
    expect((await proofOn(1)).outcome).toBe('stale-proof');
    expect((await proofOn(0)).outcome).toBe('stale-proof');
    await expectSettled(world, await settle(world, creation));
    expect(await clustersNamed(world, key)).toHaveLength(1);
  });

  it.concurrent('never sends or adopts again once it closes', async () => {
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
