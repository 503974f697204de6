import { describe, expect, it } from 'vitest';
import { conditionOf } from '../../../activities/providers/inspect-cluster.ts';
import { toObservation } from '../../../activities/providers/sagemaker/states.ts';
import type { Observation } from '../../../contracts/cluster.ts';

const observed = (state: Observation['state'], nodesInService: number): Observation => ({
  ...{ state, nodesInService, nodesWanted: 2, outOfCapacity: false, detail: '' },
});

describe('the condition of a leased cluster', () => {
  it.each([
    ['ready', 'ready', 2],
    ['creating', 'ready', 2],
    ['creating', 'degraded', 1],
    ['degraded', 'degraded', 0],
    // For example when one group has an extra node and another lacks one.
    ['degraded', 'degraded', 2],
    // For example when one node was taken back for good, and the other still works.
    ['failed', 'degraded', 1],
    ['failed', 'degraded', 2],
    ['failed', 'failed', 0],
    ['deleting', 'failed', 2],
  ] as const)('that the provider calls %s is %s with %i of 2 nodes in service', (state, condition, nodes) => {
    expect(conditionOf(observed(state, nodes))).toBe(condition);
  });

  it.each([
    ['InService', 'degraded', 3, 1],
    ['Updating', 'degraded', 3, 1],
    ['Updating', 'ready', 3, 2],
  ] as const)('with two groups, in %s, is %s with %i and %i of 2 nodes', (ClusterStatus, condition, first, second) => {
    const groups = ['first', 'second'].map((InstanceGroupName) => ({ InstanceGroupName, InstanceCount: 2 }));
    const counts = [first, second];
    const described = {
      ...{ ClusterArn: 'arn', ClusterStatus, CreationTime: undefined, NodeRecovery: undefined },
      InstanceGroups: groups.map((group, index) => ({ ...group, CurrentCount: counts[index] })),
    };
    const observation = toObservation(described, { InstanceGroups: groups });
    expect(conditionOf(observation)).toBe(condition);
    expect(observation.nodesInService < observation.nodesWanted).toBe(condition === 'degraded');
  });
});
