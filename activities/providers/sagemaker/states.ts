import type { ClusterInstanceGroupDetails, DescribeClusterResponse } from '@aws-sdk/client-sagemaker';
import { z } from 'zod';
import type { Observation, ObservedState } from '../../../contracts/cluster.ts';
import { MAX_VENDOR_TEXT } from '../../../contracts/limits.ts';
import type { Json, PricedUnit } from '../../../contracts/providers/definition.ts';

/** ClusterStatus in our words. RollingBack ends in Failed or in service again, so it still works. */
const STATES: Readonly<Record<string, ObservedState>> = {
  Creating: 'creating',
  Updating: 'creating',
  SystemUpdating: 'creating',
  RollingBack: 'creating',
  InService: 'ready',
  Failed: 'failed',
  Deleting: 'deleting',
};

/** A status that the service may add later counts as "still working". */
export const stateOf = (status: string | undefined): ObservedState => STATES[status ?? ''] ?? 'creating';

/** The part of the stored call that tells how many nodes make each group usable. */
const CallGroups = z.object({
  InstanceGroups: z.array(
    z.object({ InstanceGroupName: z.string(), InstanceCount: z.number(), MinInstanceCount: z.number().optional() }),
  ),
});

/** Text of a rollback for want of machines, as the service words it. */
const OUT_OF_CAPACITY = /sufficient capacity/i;

/** A description against what was asked for: in service is not enough, the nodes must be there. */
export function toObservation(cluster: DescribeClusterResponse, call: Json): Observation {
  const groups = CallGroups.parse(call).InstanceGroups;
  const count = (name: string): number =>
    cluster.InstanceGroups?.find((group: ClusterInstanceGroupDetails) => group.InstanceGroupName === name)
      ?.CurrentCount ?? 0;
  const wanted = (group: (typeof groups)[number]): number => group.MinInstanceCount ?? group.InstanceCount;
  const usable = groups.every((group) => count(group.InstanceGroupName) >= wanted(group));
  const state = stateOf(cluster.ClusterStatus);
  const message = cluster.FailureMessage ?? '';
  return {
    state: state === 'ready' && !usable ? 'degraded' : state,
    // What one group has too many makes up for none that another lacks.
    nodesInService: groups.reduce((sum, group) => {
      const inService = count(group.InstanceGroupName);
      return sum + (usable ? inService : Math.min(inService, wanted(group)));
    }, 0),
    nodesWanted: groups.reduce((sum, group) => sum + wanted(group), 0),
    outOfCapacity: OUT_OF_CAPACITY.test(message),
    detail: `${cluster.ClusterStatus ?? 'no status'}${message && `: ${message.slice(0, MAX_VENDOR_TEXT)}`}`,
  };
}

/** The instances of all groups. Of a group of several types it is not told which it has got: that has no price. */
export const toUnits = ({
  InstanceGroups = [],
  RestrictedInstanceGroups = [],
}: DescribeClusterResponse): PricedUnit[] =>
  [...InstanceGroups, ...RestrictedInstanceGroups]
    .map((group: ClusterInstanceGroupDetails) => ({
      instanceType: group.InstanceType ?? group.InstanceRequirements?.CurrentInstanceTypes?.join(' or ') ?? '',
      // One that is being made will bill for all that it is to have.
      count: Math.max(group.CurrentCount ?? 0, group.TargetCount ?? 0),
    }))
    .filter(({ count }) => count > 0);
