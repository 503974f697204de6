import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCluster } from '../../../activities/providers/create-cluster.ts';
import { loadStep } from '../../../activities/providers/step-context.ts';
import { VISIBILITY_GRACE_MS } from '../../../contracts/limits.ts';
import type { ProviderCase } from '../kit/case.ts';
import { beginClosing, createdCluster, DEADLINE_PASSED, oneTry, settle, withRetries } from '../kit/creation-run.ts';
import { clustersNamed, expectConsistent, expectOneCluster, expectSettled, liveIds } from '../kit/expectations.ts';
import { createWorld, type Fixture, type World } from '../kit/world.ts';

const RACERS = 8;

/** A search is list and get, with at most two calls each. */
const MAX_CALLS_OF_A_SEARCH = 4;

/** At most one cluster carries a key, and other people's clusters are never touched. */
export function oneClusterPerKey(providerCase: ProviderCase, fixture: () => Fixture): void {
  const { region, createCall, deleteCall } = providerCase;

  it('creates one cluster when the same key is sent twice', async () => {
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    const first = await createdCluster(world, creation);
    expect(await createdCluster(world, creation)).toBe(first);
    await expectOneCluster(world, creation.key, first);
    expect(await world.control.journal(createCall)).toHaveLength(1);
  });

  it.each(['arrive', 'get lost'])(
    'creates one cluster when executions race on one key, and replies %s',
    async (replies) => {
      const world = await createWorld(fixture(), providerCase);
      const creation = await world.open();
      const fault = { kind: 'reset', when: 'after' } as const;
      if (replies === 'get lost') await world.control.addFaults({ operation: createCall, times: 2, fault });
      const ids = await Promise.all(Array.from({ length: RACERS }, () => createdCluster(world, creation)));
      expect(new Set(ids).size).toBe(1);
      await expectOneCluster(world, creation.key, ids[0] ?? '');
    },
  );

  it('accepts the deletion of a cluster that never existed', async () => {
    const { provider } = await createWorld(fixture(), providerCase);
    await expect(provider.delete(region, providerCase.unknownId)).resolves.toBeUndefined();
  });

  it('proves a key absent that was never sent: by one search, or by none when the provider denies searches', async () => {
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    await beginClosing(world, creation, DEADLINE_PASSED);
    await expectSettled(world, await settle(world, creation));
    expect((await world.control.journal()).length).toBeLessThanOrEqual(MAX_CALLS_OF_A_SEARCH);

    for (const fault of [providerCase.vendorFaults['access denied'], { kind: 'html' } as const]) {
      const other = await world.open();
      await beginClosing(world, other, DEADLINE_PASSED);
      await world.control.addFaults({ operation: providerCase.listCall, fault, times: 'always' });
      expect(await oneTry(() => world.steps.makeAbsent({ key: other.key }))).toBe('done');
      await world.control.clearFaults();
    }
  });

  it('deletes a cluster with its key and tag that it did not create', async () => {
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    const { key } = creation;
    const { id } = await world.control.seedCluster({ region, name: key, tags: providerCase.ownTags(key) });
    expect(await createdCluster(world, creation)).toBe(id);
    expect(await world.control.journal(createCall)).toEqual([]);
    await beginClosing(world, creation, DEADLINE_PASSED);
    await expectSettled(world, await settle(world, creation));
  });

  it('neither adopts nor touches clusters with similar names, whatever their tags', async () => {
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    const { key } = creation;
    const similar = [`${key}x`, `${key}-2`, key.slice(0, -1), `x${key}`, key.slice(0, 3) + key.slice(3).toUpperCase()];
    for (const name of similar) await world.control.seedCluster({ region, name, tags: providerCase.ownTags(key) });
    await expectOneCluster(world, key, await createdCluster(world, creation));
    await beginClosing(world, creation, DEADLINE_PASSED);
    await expectSettled(world, await settle(world, creation));
    const left = await world.control.clusters({ live: true });
    expect(left.map(({ name }) => name).sort()).toEqual([...similar].sort());
  });

  it('reads listings to the last page, also through empty pages', async () => {
    const world = await createWorld(fixture(), providerCase);
    const others = 2 * (providerCase.pageSize ?? 100);
    for (let n = 0; n < others; n += 1) await world.control.seedCluster({ region, name: `other-${n}` });
    const creation = await world.open();
    const clusterId = await createdCluster(world, creation);
    const before = (await world.control.journal(providerCase.listCall)).length;
    expect(await world.provider.list(region, creation.key)).toMatchObject([{ clusterId, name: creation.key }]);
    const pages = (await world.control.journal(providerCase.listCall)).length - before;
    expect(pages).toBe(providerCase.pageSize === null ? 1 : 3);
    expect(await world.provider.list(region, 'other-')).toHaveLength(others);
  });

  describe.each(providerCase.foreignTags('key-0').map(({ what, mayBeLate }, index) => ({ what, mayBeLate, index })))(
    'another owner’s cluster with our name, with $what',
    ({ mayBeLate, index }) => {
      afterEach(() => {
        vi.useRealTimers();
      });
      // A moved clock affects all tests that run at the time.
      const test = mayBeLate ? it : it.concurrent;
      const seed = async (world: World, name: string): Promise<void> => {
        const tags = providerCase.foreignTags(name)[index]?.tags ?? {};
        await world.control.seedCluster({ region, name, tags });
      };
      const expectUntouched = async (world: World, name: string): Promise<void> => {
        expect(liveIds(await clustersNamed(world, name))).toHaveLength(1);
        expect(await world.control.journal(deleteCall)).toEqual([]);
        expect(await world.ledger.audit()).toEqual([]);
      };
      /** So long after the creation, a missing tag is not late any more. */
      const passTheGrace = (): void => {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + VISIBILITY_GRACE_MS + 1 });
      };

      test('is found by the search: it is neither adopted nor deleted', async () => {
        const world = await createWorld(fixture(), providerCase);
        const creation = await world.open();
        const { key } = creation;
        await seed(world, key);
        const create = () => oneTry(() => world.steps.createCluster({ key }));
        if (mayBeLate) expect(await create()).toMatchObject({ type: 'Ambiguous' });
        if (mayBeLate) passTheGrace();
        expect(await create()).toMatchObject({ type: 'NameTaken' });
        expect(await world.control.journal(createCall)).toEqual([]);
        vi.useRealTimers();
        await beginClosing(world, creation, DEADLINE_PASSED);
        await settle(world, creation);
        await expectUntouched(world, key);
      });

      test('appears between search and send: the send is refused', async () => {
        const world = await createWorld(fixture(), providerCase);
        const creation = await world.open();
        const { key } = creation;
        const claimSend = async (...claim: Parameters<World['providerLedger']['claimSend']>) => {
          await seed(world, key);
          if (mayBeLate) passTheGrace();
          return world.providerLedger.claimSend(...claim);
        };
        const { provider, providerLedger, timing } = world;
        const ledger = { ...providerLedger, claimSend };
        const outcome = await createCluster(await loadStep({ provider, ledger, timing }, key));
        if (outcome.kind !== 'refused') throw new Error(`not refused but ${outcome.kind}`);
        expect(outcome.failure.type).toBe('NameTaken');
        expect((await world.ledger.refuse(key, outcome.attempt, outcome.failure, 'test')).outcome).toBe('refused');
        await expectUntouched(world, key);
      });

      test('appears after a send without an answer: only our own cluster is proven absent', async () => {
        const world = await createWorld(fixture(), providerCase);
        const creation = await world.open();
        const { key } = creation;
        await world.control.addFaults({ operation: createCall, fault: { kind: 'reset' } });
        await oneTry(() => world.steps.createCluster({ key }));
        await seed(world, key);
        await beginClosing(world, creation, DEADLINE_PASSED);
        const makeAbsent = () => world.steps.makeAbsent({ key });
        if (mayBeLate) expect(await oneTry(makeAbsent)).toMatchObject({ type: 'Ambiguous' });
        if (mayBeLate) passTheGrace();
        await withRetries(makeAbsent);
        expect((await settle(world, creation)).costMicros).toBe(0);
        await expectUntouched(world, key);
        await expectConsistent(world, key);
      });
    },
  );
}
