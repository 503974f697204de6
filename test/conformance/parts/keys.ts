import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCluster } from '../../../activities/providers/create-cluster.ts';
import { loadStep } from '../../../activities/providers/step-context.ts';
import { VISIBILITY_GRACE_MS } from '../../../contracts/limits.ts';
import type { ProviderCase } from '../kit/case.ts';
import { CANCELLED, close, created, oneTry, retried, settle } from '../kit/life.ts';
import { clustersNamed, expectOne, expectSettled, expectSound, living } from '../kit/oracle.ts';
import { createWorld, type Books, type World } from '../kit/world.ts';

const RACERS = 8;

/** List and get, each of two calls at most. */
const MAX_CALLS_OF_A_LOOK = 4;

/** One key, one cluster; and hands off everybody else's. */
export function oneClusterAKey(providerCase: ProviderCase, books: () => Books): void {
  const { region, createCall, deleteCall } = providerCase;

  it('makes one cluster when the same key is sent twice', async () => {
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    const first = await created(world, creation);
    expect(await created(world, creation)).toBe(first);
    await expectOne(world, creation.key, first);
    expect(await world.control.journal(createCall)).toHaveLength(1);
  });

  it.each(['arrive', 'get lost'])(
    'makes one cluster when executions race on one key, and replies %s',
    async (replies) => {
      const world = await createWorld(books(), providerCase);
      const creation = await world.open();
      const fault = { kind: 'reset', when: 'after' } as const;
      if (replies === 'get lost') await world.control.addFaults({ operation: createCall, times: 2, fault });
      const ids = await Promise.all(Array.from({ length: RACERS }, () => created(world, creation)));
      expect(new Set(ids).size).toBe(1);
      await expectOne(world, creation.key, ids[0] ?? '');
    },
  );

  it('deletes what never existed without complaint', async () => {
    const { provider } = await createWorld(books(), providerCase);
    await expect(provider.delete(region, providerCase.unknownId)).resolves.toBeUndefined();
  });

  it('proves absent what was never sent by one look, and without where none can be made', async () => {
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    await close(world, creation, CANCELLED);
    await expectSettled(world, await settle(world, creation));
    expect((await world.control.journal()).length).toBeLessThanOrEqual(MAX_CALLS_OF_A_LOOK);

    for (const fault of [providerCase.vendorFaults['access denied'], { kind: 'html' } as const]) {
      const other = await world.open();
      await close(world, other, CANCELLED);
      await world.control.addFaults({ operation: providerCase.listCall, fault, times: 'always' });
      expect(await oneTry(() => world.steps.makeAbsent({ key: other.key }))).toBe('done');
      await world.control.clearFaults();
    }
  });

  it('deletes a cluster that it found under its key and tag, though it had not sent it', async () => {
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    const { key } = creation;
    const { id } = await world.control.seedCluster({ region, name: key, tags: providerCase.ownTags(key) });
    expect(await created(world, creation)).toBe(id);
    expect(await world.control.journal(createCall)).toEqual([]);
    await close(world, creation, CANCELLED);
    await expectSettled(world, await settle(world, creation));
  });

  it('neither adopts nor touches names that begin alike, whatever their tags say', async () => {
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    const { key } = creation;
    const alike = [`${key}x`, `${key}-2`, key.slice(0, -1), `x${key}`, key.slice(0, 3) + key.slice(3).toUpperCase()];
    for (const name of alike) await world.control.seedCluster({ region, name, tags: providerCase.ownTags(key) });
    await expectOne(world, key, await created(world, creation));
    await close(world, creation, CANCELLED);
    await expectSettled(world, await settle(world, creation));
    const left = await world.control.clusters({ live: true });
    expect(left.map(({ name }) => name).sort()).toEqual([...alike].sort());
  });

  it('reads listings to their end, through pages that are empty', async () => {
    const world = await createWorld(books(), providerCase);
    const others = 2 * (providerCase.pageSize ?? 100);
    for (let n = 0; n < others; n += 1) await world.control.seedCluster({ region, name: `other-${n}` });
    const creation = await world.open();
    const clusterId = await created(world, creation);
    const before = (await world.control.journal(providerCase.listCall)).length;
    expect(await world.provider.list(region, creation.key)).toMatchObject([{ clusterId, name: creation.key }]);
    const pages = (await world.control.journal(providerCase.listCall)).length - before;
    expect(pages).toBe(providerCase.pageSize === null ? 1 : 3);
    expect(await world.provider.list(region, 'other-')).toHaveLength(others);
  });

  describe.each(providerCase.strangers('key-0').map(({ what, unsure }, index) => ({ what, unsure, index })))(
    'a stranger under the name, with $what',
    ({ unsure, index }) => {
      afterEach(() => {
        vi.useRealTimers();
      });
      // Where the clock is moved, it is moved for all tests that run.
      const test = unsure ? it : it.concurrent;
      const seed = async (world: World, name: string): Promise<void> => {
        const tags = providerCase.strangers(name)[index]?.tags ?? {};
        await world.control.seedCluster({ region, name, tags });
      };
      const expectUntouched = async (world: World, name: string): Promise<void> => {
        expect(living(await clustersNamed(world, name))).toHaveLength(1);
        expect(await world.control.journal(deleteCall)).toEqual([]);
        expect(await world.ledger.audit()).toEqual([]);
      };
      /** Tags that do not show so long after a birth are not there. */
      const growOld = (): void => {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + VISIBILITY_GRACE_MS + 1 });
      };

      test('is met at the look: never adopted, never deleted', async () => {
        const world = await createWorld(books(), providerCase);
        const creation = await world.open();
        const { key } = creation;
        await seed(world, key);
        const look = () => oneTry(() => world.steps.createCluster({ key }));
        if (unsure) expect(await look()).toMatchObject({ type: 'Ambiguous' });
        if (unsure) growOld();
        expect(await look()).toMatchObject({ type: 'NameTaken' });
        expect(await world.control.journal(createCall)).toEqual([]);
        vi.useRealTimers();
        await close(world, creation, CANCELLED);
        await settle(world, creation);
        await expectUntouched(world, key);
      });

      test('comes between look and send: the send is refused', async () => {
        const world = await createWorld(books(), providerCase);
        const creation = await world.open();
        const { key } = creation;
        const claimSend = async (...claim: Parameters<World['providerLedger']['claimSend']>) => {
          await seed(world, key);
          if (unsure) growOld();
          return world.providerLedger.claimSend(...claim);
        };
        const { provider, providerLedger, timing } = world;
        const ledger = { ...providerLedger, claimSend };
        const came = await createCluster(await loadStep({ provider, ledger, timing }, key));
        if (came.kind !== 'refused') throw new Error(`not refused but ${came.kind}`);
        expect(came.failure.type).toBe('NameTaken');
        expect((await world.ledger.refuse(key, came.attempt, came.failure, 'test')).outcome).toBe('refused');
        await expectUntouched(world, key);
      });

      test('comes after a send without an answer: what is proven absent is ours alone', async () => {
        const world = await createWorld(books(), providerCase);
        const creation = await world.open();
        const { key } = creation;
        await world.control.addFaults({ operation: createCall, fault: { kind: 'reset' } });
        await oneTry(() => world.steps.createCluster({ key }));
        await seed(world, key);
        await close(world, creation, CANCELLED);
        const makeAbsent = () => world.steps.makeAbsent({ key });
        if (unsure) expect(await oneTry(makeAbsent)).toMatchObject({ type: 'Ambiguous' });
        if (unsure) growOld();
        await retried(makeAbsent);
        expect((await settle(world, creation)).costMicros).toBe(0);
        await expectUntouched(world, key);
        await expectSound(world, key);
      });
    },
  );
}
