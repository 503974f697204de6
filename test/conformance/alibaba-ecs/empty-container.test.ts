import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Placement } from '../../../contracts/providers/registry.ts';
import { CANCELLED, close, live, settle } from '../kit/life.ts';
import { clustersNamed, expectOne, living } from '../kit/oracle.ts';
import { createWorld, openBooks, type Books } from '../kit/world.ts';
import { alibabaEcsCase, REGION } from './case.ts';

/** A container without nodes: nothing to pay, to hold or to wait for. */
const emptyContainer: typeof alibabaEcsCase = {
  ...alibabaEcsCase,
  placement: () => Placement.parse({ provider: 'alibaba-ecs', region: REGION, spec: { description: 'kept empty' } }),
};

describe('alibaba-ecs, an empty HPC cluster', () => {
  let books: Books;
  beforeAll(async () => {
    books = await openBooks(emptyContainer);
  });
  afterAll(() => books.close());

  it('is ready at once, costs nothing, and is made absent as any other', async () => {
    const world = await createWorld(books, emptyContainer);
    const creation = await world.open();
    expect(creation).toMatchObject({ hourlyMicros: 0, holdMicros: 0 });
    const end = await live(world, creation);
    if (end.end !== 'ready') throw new Error(`ended ${end.end}`);
    expect(end.access).toMatchObject({ clusterName: creation.key, nodeCount: 0, nodes: [], login: [] });
    await expectOne(world, creation.key, end.clusterId);
    await close(world, creation, CANCELLED);
    expect(await settle(world, creation)).toMatchObject({ state: 'absent', costMicros: 0 });
    expect(living(await clustersNamed(world, creation.key))).toEqual([]);
  });

  it('is adopted when the reply that told of it was lost', async () => {
    const world = await createWorld(books, emptyContainer);
    const creation = await world.open();
    const { createCall } = emptyContainer;
    await world.control.addFaults({ operation: createCall, fault: { kind: 'reset', when: 'after' } });
    expect((await live(world, creation)).end).toBe('ready');
    expect(await world.control.journal(createCall)).toHaveLength(1);
  });
});
