import { afterAll, beforeAll, describe, vi } from 'vitest';
import { runToEnd } from '../kit/creation-run.ts';
import { createWorld, type Fixture, openFixture } from '../kit/world.ts';
import { vendorErrors } from '../parts/errors.ts';
import { expiries } from '../parts/expiry.ts';
import { lateClusters } from '../parts/late-clusters.ts';
import { clusterPrices, leases } from '../parts/leases.ts';
import { lateClusterRemoval } from '../parts/late-cluster-removal.ts';
import { everyFaultIn, faultTableIsComplete } from '../parts/fault-table.ts';
import { clusterStates } from '../parts/states.ts';
import { alibabaEcsCase, placementWith, startBench } from './case.ts';
import { WithoutContainer } from './control.ts';
import { RUN_ERRORS, RUN_OUTCOMES } from './errors.ts';
import { FAULT_TABLE_WITHOUT_CONTAINER } from './fault-table.ts';
import { STATES_WITHOUT_CONTAINER } from './states.ts';

vi.setConfig({ maxConcurrency: 16 });

/** Instances of a type that takes no HPC cluster: the same adapter with another first call. */
const withoutContainer: typeof alibabaEcsCase = {
  ...alibabaEcsCase,
  billsSince: (_control, { createdAtMs }) => Promise.resolve(createdAtMs),
  start: startBench({ Control: WithoutContainer, unusedCalls: ['CreateHpcCluster', 'DeleteHpcCluster'] }),
  placement: (kind) => placementWith('ecs.gn7i-c8g1.2xlarge', kind),
  createCall: 'RunInstances',
  deleteCall: 'DeleteInstances',
  listCall: 'DescribeInstances',
  // All instances with one key are one cluster for the adapter.
  allowsDuplicateNames: false,
  // Only their tag makes them one cluster.
  allowsRenames: false,
  unknownId: 'instances:mu-nonexistent',
  errors: RUN_ERRORS,
  states: STATES_WITHOUT_CONTAINER,
  outcomes: RUN_OUTCOMES,
  faultTable: FAULT_TABLE_WITHOUT_CONTAINER,
};

describe('alibaba-ecs, instances without an HPC cluster', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture(withoutContainer);
    const world = await createWorld(fixture, withoutContainer);
    await runToEnd(world, await world.open());
  });
  afterAll(() => fixture.close());
  const parts = [
    ...[vendorErrors, clusterStates, lateClusters],
    ...[faultTableIsComplete, everyFaultIn('send', 'adopt', 'wait', 'lease', 'close')],
    ...[leases, clusterPrices, expiries, lateClusterRemoval],
  ];
  for (const part of parts) part(withoutContainer, () => fixture);
});
