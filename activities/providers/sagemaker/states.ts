import type { ClusterInstanceGroupDetails, DescribeClusterResponse } from '@aws-sdk/client-sagemaker';
import { z } from 'zod';
import type { Observation, ObservedState } from '../../../contracts/cluster.ts';
import { MAX_VENDOR_TEXT } from '../../../contracts/limits.ts';
import type { Json, PricedUnit } from '../../../contracts/providers/definition.ts';

/** ClusterStatus to our states. RollingBack ends as Failed or InService, so it counts as creating. */
const STATES: Readonly<Record<string, ObservedState>> = {
  Creating: 'creating',
  Updating: 'creating',
  SystemUpdating: 'creating',
  RollingBack: 'creating',
  InService: 'ready',
  Failed: 'failed',
  Deleting: 'deleting',
};

/** An unknown status counts as creating: the service may add one. */
export const stateOf = (status: string | undefined): ObservedState => STATES[status ?? ''] ?? 'creating';

/** The part of the stored call that says how many nodes each group needs. */
const CallGroups = z.object({
  InstanceGroups: z.array(
    z.object({ InstanceGroupName: z.string(), InstanceCount: z.number(), MinInstanceCount: z.number().optional() }),
  ),
});

/** The service's text for a rollback because of missing capacity. */
const OUT_OF_CAPACITY = /sufficient capacity/i;

/** A cluster's state, compared with what was wanted. InService is not enough: the nodes must be there. */
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
    // Extra nodes in one group do not replace nodes that another group lacks.
    nodesInService: groups.reduce((sum, group) => {
      const inService = count(group.InstanceGroupName);
      return sum + (usable ? inService : Math.min(inService, wanted(group)));
    }, 0),
    nodesWanted: groups.reduce((sum, group) => sum + wanted(group), 0),
    outOfCapacity: OUT_OF_CAPACITY.test(message),
    detail: `${cluster.ClusterStatus ?? 'no status'}${message && `: ${message.slice(0, MAX_VENDOR_TEXT)}`}`,
  };
}

/** The instances of all groups. A group with several types does not say which it got, so it has no price. */
export const toUnits = ({
  InstanceGroups = [],
  RestrictedInstanceGroups = [],
}: DescribeClusterResponse): PricedUnit[] =>
  [...InstanceGroups, ...RestrictedInstanceGroups]
    .map((group: ClusterInstanceGroupDetails) => ({
      instanceType: group.InstanceType ?? group.InstanceRequirements?.CurrentInstanceTypes?.join(' or ') ?? '',
      // A group that is being created will bill for its target.
      count: Math.max(group.CurrentCount ?? 0, group.TargetCount ?? 0),
    }))
    .filter(({ count }) => count > 0);
