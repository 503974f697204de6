import { describe, expect, it } from 'vitest';
import { conditionOf } from '../../activities/providers/inspect.ts';
import type { Observation } from '../../contracts/cluster.ts';

const seen = (state: Observation['state'], nodesInService: number): Observation => ({
  ...{ state, nodesInService, nodesWanted: 2, outOfCapacity: false, detail: '' },
});

describe('the condition of a cluster in use', () => {
  it.each([
    ['ready', 'ready', 2],
    ['creating', 'ready', 2],
    ['creating', 'degraded', 1],
    ['degraded', 'degraded', 0],
    // As where a node was taken back for good, and the other works on.
    ['failed', 'degraded', 1],
    ['failed', 'degraded', 2],
    ['failed', 'failed', 0],
    ['deleting', 'failed', 2],
  ] as const)('that is said to be %s is %s with %i of 2 nodes in service', (state, condition, nodes) => {
    expect(conditionOf(seen(state, nodes))).toBe(condition);
  });
});
