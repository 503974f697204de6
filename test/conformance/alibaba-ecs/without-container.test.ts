import { afterAll, beforeAll, describe, vi } from 'vitest';
import { live } from '../kit/life.ts';
import { createWorld, openBooks, type Books } from '../kit/world.ts';
import { errorsHaveTheirKind } from '../parts/errors.ts';
import { expiriesMoveAlong } from '../parts/expiry.ts';
import { lateClusters } from '../parts/late-cluster.ts';
import { clustersHaveTheirWorth, leasesAreInspected } from '../parts/leases.ts';
import { lateClustersAreRemoved } from '../parts/removal.ts';
import { everyFaultIn, everyRowIsWritten } from '../parts/rows.ts';
import { statesHaveTheirMeaning } from '../parts/sights.ts';
import { alibabaEcsCase, placementOf, startOf } from './case.ts';
import { WithoutContainer } from './control.ts';
import { RUN_ERRORS, RUN_OUTCOMES } from './errors.ts';
import { ROWS_WITHOUT } from './rows.ts';
import { SIGHTS_WITHOUT } from './sights.ts';

vi.setConfig({ maxConcurrency: 16 });

/** Instances of a type that takes no HPC cluster: the same adapter, and another first call. */
const withoutContainer: typeof alibabaEcsCase = {
  ...alibabaEcsCase,
  billsSince: (_control, { createdAtMs }) => Promise.resolve(createdAtMs),
  start: startOf({ Control: WithoutContainer, neverMade: ['CreateHpcCluster', 'DeleteHpcCluster'] }),
  placement: (kind) => placementOf('ecs.gn7i-c8g1.2xlarge', kind),
  createCall: 'RunInstances',
  deleteCall: 'DeleteInstances',
  listCall: 'DescribeInstances',
  // All of them are one cluster to the adapter, by their key.
  sharesNames: false,
  // The tag that they wear is all that makes them one cluster.
  renames: false,
  unknownId: 'instances:mu-nonexistent',
  errors: RUN_ERRORS,
  readings: SIGHTS_WITHOUT,
  outcomes: RUN_OUTCOMES,
  rows: ROWS_WITHOUT,
};

describe('alibaba-ecs, instances without an HPC cluster', () => {
  let books: Books;
  beforeAll(async () => {
    books = await openBooks(withoutContainer);
    const world = await createWorld(books, withoutContainer);
    await live(world, await world.open());
  });
  afterAll(() => books.close());
  const parts = [
    ...[errorsHaveTheirKind, statesHaveTheirMeaning, lateClusters],
    ...[everyRowIsWritten, everyFaultIn('send', 'adopt', 'wait', 'lease', 'close')],
    ...[leasesAreInspected, clustersHaveTheirWorth, expiriesMoveAlong, lateClustersAreRemoved],
  ];
  for (const part of parts) part(withoutContainer, () => books);
});
