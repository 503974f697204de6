import { expect, it } from 'vitest';
import { VISIBILITY_GRACE_MS } from '../../../contracts/limits.ts';
import type { Lags, ProviderCase } from '../kit/case.ts';
import { CANCELLED, close, created, live, oneTry, settle } from '../kit/life.ts';
import { clustersNamed, expectOne, expectSettled, living } from '../kit/oracle.ts';
import { createWorld, type Books } from '../kit/world.ts';

/** Slow enough that a lag outlasts many looks: the vendor's minute is 0.3 s. */
const SPEED = 200;
const LAG_MS = 0.7 * VISIBILITY_GRACE_MS;
const WINDOW_MS = 1_000;

const LATE: readonly { readonly what: string; readonly lags: Lags }[] = [
  { what: 'names and ids show', lags: { getLagMs: LAG_MS } },
  { what: 'listings show', lags: { listLagMs: LAG_MS } },
  { what: 'everything shows', lags: { getLagMs: LAG_MS, listLagMs: LAG_MS } },
  { what: 'listings show, and later still names', lags: { getLagMs: LAG_MS, listLagMs: LAG_MS / 2 } },
];

const NO_TAGS = 'this provider has no tags that could show late';

/** A birth that does not show yet is neither absent nor anybody else's. */
export function birthsShowLate(providerCase: ProviderCase, books: () => Books): void {
  const { region, createCall } = providerCase;
  const hasNoTags = Object.keys(providerCase.ownTags('')).length === 0;

  it.concurrent.each(LATE)('finds the cluster whose reply was lost, when $what late', async ({ lags }) => {
    const world = await createWorld(books(), providerCase, { speed: SPEED, lags });
    const creation = await world.open({ windowMs: WINDOW_MS });
    await world.control.addFaults({ operation: createCall, fault: { kind: 'reset', when: 'after' } });
    const end = await live(world, creation);
    expect(end.end).toBe('ready');
    const [cluster] = await clustersNamed(world, creation.key);
    await expectOne(world, creation.key, cluster?.id ?? '');
  });

  it.concurrent.each(LATE)('waits for the cluster it made, when $what late', async ({ lags }) => {
    const world = await createWorld(books(), providerCase, { speed: SPEED, lags });
    const creation = await world.open();
    expect((await live(world, creation)).end).toBe('ready');
    expect(await world.control.journal(createCall)).toHaveLength(1);
  });

  for (const answered of [true, false]) {
    const reply = answered ? 'was answered' : 'had no answer';
    it.concurrent.each(LATE)(`deletes a cluster whose create ${reply}, when $what late`, async ({ lags }) => {
      const world = await createWorld(books(), providerCase, { speed: SPEED, lags });
      const creation = await world.open({ windowMs: WINDOW_MS });
      const { key } = creation;
      const fault = { kind: 'reset', when: 'after' } as const;
      if (!answered) await world.control.addFaults({ operation: createCall, fault });
      const came = await oneTry(() => world.steps.createCluster({ key }));
      expect(came === 'done' ? came : came.type).toBe(answered ? 'done' : 'Ambiguous');
      await close(world, creation, CANCELLED);
      await expectSettled(world, await settle(world, creation));
      expect(await clustersNamed(world, key)).toHaveLength(1);
    });
  }

  it.concurrent('is not sure of an absence that a listing denies, however long no name is found', async () => {
    const lags = { getLagMs: 3 * VISIBILITY_GRACE_MS };
    const world = await createWorld(books(), providerCase, { speed: SPEED, lags });
    const creation = await world.open();
    await created(world, creation);
    await close(world, creation, CANCELLED);
    await expectSettled(world, await settle(world, creation));
  });

  it.concurrent('deletes a cluster whose only send was told that the name is in use, and that shows late', async () => {
    const lags = { getLagMs: LAG_MS, listLagMs: LAG_MS };
    const world = await createWorld(books(), providerCase, { speed: SPEED, lags });
    const creation = await world.open({ windowMs: WINDOW_MS });
    const { key } = creation;
    const fault = providerCase.vendorFaults['in use, after the effect'];
    await world.control.addFaults({ operation: createCall, fault });
    await oneTry(() => world.steps.createCluster({ key }));
    await close(world, creation, CANCELLED);
    await expectSettled(world, await settle(world, creation));
    expect(await clustersNamed(world, key)).toHaveLength(1);
  });

  it.concurrent('does not take tags that do not show yet for a stranger’s', async ({ skip }) => {
    skip(hasNoTags, NO_TAGS);
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    const { key } = creation;
    const { id } = await world.control.seedCluster({ region, name: key });
    expect(await oneTry(() => world.steps.createCluster({ key }))).toMatchObject({ type: 'Ambiguous' });
    await world.addTags(id, providerCase.ownTags(key));
    expect(await created(world, creation)).toBe(id);
    await expectOne(world, key, id);
  });

  it.concurrent('does not take a cluster without tags yet for nobody’s', async ({ skip }) => {
    skip(hasNoTags, NO_TAGS);
    const world = await createWorld(books(), providerCase);
    const creation = await world.open({ windowMs: 0 });
    const { key } = creation;
    await world.control.addFaults({ operation: createCall, fault: { kind: 'reset' } });
    await oneTry(() => world.steps.createCluster({ key }));
    await close(world, creation, CANCELLED);
    const { id } = await world.control.seedCluster({ region, name: key });
    expect(await oneTry(() => world.steps.makeAbsent({ key }))).toMatchObject({ type: 'Ambiguous' });
    expect(living(await clustersNamed(world, key))).toEqual([id]);
    await world.addTags(id, providerCase.ownTags(key));
    await expectSettled(world, await settle(world, creation));
  });
}
