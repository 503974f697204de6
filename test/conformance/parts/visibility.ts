import { expect, it } from 'vitest';
import { VISIBILITY_GRACE_MS } from '../../../contracts/limits.ts';
import type { ProviderCase, VisibilityLags } from '../kit/case.ts';
import { beginClosing, createdCluster, DEADLINE_PASSED, oneTry, runToEnd, settle } from '../kit/creation-run.ts';
import { clustersNamed, expectOneCluster, expectSettled, liveIds } from '../kit/expectations.ts';
import { createWorld, type Fixture } from '../kit/world.ts';

/** Slow enough that a lag lasts for several reads: a minute at the vendor takes 0.3 s. */
const SPEED = 200;
const LAG_MS = 0.7 * VISIBILITY_GRACE_MS;
const WINDOW_MS = 1_000;

const LATE: readonly { readonly what: string; readonly lags: VisibilityLags }[] = [
  { what: 'names and ids show', lags: { getLagMs: LAG_MS } },
  { what: 'listings show', lags: { listLagMs: LAG_MS } },
  { what: 'everything shows', lags: { getLagMs: LAG_MS, listLagMs: LAG_MS } },
  { what: 'names show even later than listings, and both', lags: { getLagMs: LAG_MS, listLagMs: LAG_MS / 2 } },
];

const NO_TAGS = 'this provider has no tags that could show late';

/** A new cluster that does not show yet counts neither as absent nor as another owner's. */
export function visibilityLags(providerCase: ProviderCase, fixture: () => Fixture): void {
  const { region, createCall } = providerCase;
  const hasNoTags = Object.keys(providerCase.ownTags('')).length === 0;

  it.concurrent.each(LATE)('finds the cluster whose reply was lost, when $what late', async ({ lags }) => {
    const world = await createWorld(fixture(), providerCase, { speed: SPEED, lags });
    const creation = await world.open({ windowMs: WINDOW_MS });
    await world.control.addFaults({ operation: createCall, fault: { kind: 'reset', when: 'after' } });
    const end = await runToEnd(world, creation);
    expect(end.end).toBe('ready');
    const [cluster] = await clustersNamed(world, creation.key);
    await expectOneCluster(world, creation.key, cluster?.id ?? '');
  });

  it.concurrent.each(LATE)('waits for the cluster that it created, when $what late', async ({ lags }) => {
    const world = await createWorld(fixture(), providerCase, { speed: SPEED, lags });
    const creation = await world.open();
    expect((await runToEnd(world, creation)).end).toBe('ready');
    expect(await world.control.journal(createCall)).toHaveLength(1);
  });

  for (const answered of [true, false]) {
    const reply = answered ? 'was answered' : 'had no answer';
    it.concurrent.each(LATE)(`deletes a cluster whose create ${reply}, when $what late`, async ({ lags }) => {
      const world = await createWorld(fixture(), providerCase, { speed: SPEED, lags });
      const creation = await world.open({ windowMs: WINDOW_MS });
      const { key } = creation;
      const fault = { kind: 'reset', when: 'after' } as const;
      if (!answered) await world.control.addFaults({ operation: createCall, fault });
      const came = await oneTry(() => world.steps.createCluster({ key }));
      expect(came === 'done' ? came : came.type).toBe(answered ? 'done' : 'Ambiguous');
      await beginClosing(world, creation, DEADLINE_PASSED);
      await expectSettled(world, await settle(world, creation));
      expect(await clustersNamed(world, key)).toHaveLength(1);
    });
  }

  it.concurrent('does not conclude that a cluster is absent while a listing shows it', async () => {
    const lags = { getLagMs: 3 * VISIBILITY_GRACE_MS };
    const world = await createWorld(fixture(), providerCase, { speed: SPEED, lags });
    const creation = await world.open();
    await createdCluster(world, creation);
    await beginClosing(world, creation, DEADLINE_PASSED);
    await expectSettled(world, await settle(world, creation));
  });

  it.concurrent('deletes a late-visible cluster whose only send was answered with "in use"', async () => {
    const lags = { getLagMs: LAG_MS, listLagMs: LAG_MS };
    const world = await createWorld(fixture(), providerCase, { speed: SPEED, lags });
    const creation = await world.open({ windowMs: WINDOW_MS });
    const { key } = creation;
    const fault = providerCase.vendorFaults['in use, after the effect'];
    await world.control.addFaults({ operation: createCall, fault });
    await oneTry(() => world.steps.createCluster({ key }));
    await beginClosing(world, creation, DEADLINE_PASSED);
    await expectSettled(world, await settle(world, creation));
    expect(await clustersNamed(world, key)).toHaveLength(1);
  });

  it.concurrent('does not count a cluster as another owner’s while its tags may be late', async ({ skip }) => {
    skip(hasNoTags, NO_TAGS);
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    const { key } = creation;
    const { id } = await world.control.seedCluster({ region, name: key });
    expect(await oneTry(() => world.steps.createCluster({ key }))).toMatchObject({ type: 'Ambiguous' });
    await world.addTags(id, providerCase.ownTags(key));
    expect(await createdCluster(world, creation)).toBe(id);
    await expectOneCluster(world, key, id);
  });

  it.concurrent('does not count a key as absent while a cluster’s tags may be late', async ({ skip }) => {
    skip(hasNoTags, NO_TAGS);
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open({ windowMs: 0 });
    const { key } = creation;
    await world.control.addFaults({ operation: createCall, fault: { kind: 'reset' } });
    await oneTry(() => world.steps.createCluster({ key }));
    await beginClosing(world, creation, DEADLINE_PASSED);
    const { id } = await world.control.seedCluster({ region, name: key });
    expect(await oneTry(() => world.steps.makeAbsent({ key }))).toMatchObject({ type: 'Ambiguous' });
    expect(liveIds(await clustersNamed(world, key))).toEqual([id]);
    await world.addTags(id, providerCase.ownTags(key));
    await expectSettled(world, await settle(world, creation));
  });
}
