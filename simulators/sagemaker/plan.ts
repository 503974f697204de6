import { withJitter } from '../core/durations.ts';
import type { ClusterFault } from '../core/faults.ts';
import type { Random } from '../core/random.ts';
import { allocateNothing, allocatePart, type Allocation, type Grants } from './capacity.ts';
import { isContinuous, type Cluster, type Plan } from './cluster.ts';
import type { Durations } from './durations.ts';
import type { CreateClusterInput } from './inputs.ts';

/** The service's own message for a creation that found no instances. */
const NO_CAPACITY =
  'We currently do not have sufficient capacity for the requested instance type(s). Please try again.';
const LIFECYCLE_FAILED =
  'Lifecycle scripts did not run successfully. To view lifecycle script logs, visit log group ' +
  '/aws/sagemaker/Clusters in CloudWatch. If you want to retry, delete the cluster and create it again.';

/** The fraction of the creation's duration after which instances get their ids. */
const LAUNCH_PART = 0.25;

/** An accepted creation. */
export interface Creation {
  readonly request: CreateClusterInput;
  readonly createdAtMs: number;
  /** The nodes that the region has for it. */
  readonly allocation: Allocation;
  readonly fault: ClusterFault | undefined;
  readonly durations: Durations;
  readonly jitter: number;
  readonly random: Random;
}

type PlannedCluster = Pick<Cluster, 'plan' | 'grants' | 'nodesLaunchAtMs'>;

/** Decides how a creation goes: by its fault if it has one, otherwise by the nodes that were found. */
export function planCreation(creation: Creation): PlannedCluster {
  const { durations, fault, createdAtMs, request } = creation;
  const creatingMs = withJitter(durations.creatingMs, creation.jitter, creation.random) + extraMsOf(fault);
  const nodesLaunchAtMs = createdAtMs + creatingMs * LAUNCH_PART;
  const planned = (plan: Plan, grants: Grants): PlannedCluster => ({ plan, grants, nodesLaunchAtMs });

  const allocation =
    fault?.kind === 'partial-capacity'
      ? allocatePart(request, creation.allocation.grants, fault.nodes)
      : creation.allocation;
  const { grants } = allocation;
  if (fault?.kind === 'never-ready') return planned({ kind: 'never-ready' }, grants);
  if (fault?.kind === 'fails') {
    return planned(failure(creation, durations.failingMs, fault.message ?? LIFECYCLE_FAILED), grants);
  }
  if (fault?.kind === 'no-capacity' || allocation.verdict === 'too-few') {
    return planned(failure(creation, durations.failingMs, NO_CAPACITY), allocateNothing(grants));
  }
  if (allocation.verdict === 'below-minimum') {
    return planned(failure(creation, durations.minimumWaitMs, NO_CAPACITY), grants);
  }

  const fullAtMs = createdAtMs + creatingMs;
  // With continuous provisioning the cluster is in service as soon as it can take nodes.
  const inServiceAtMs = isContinuous(request) ? nodesLaunchAtMs : fullAtMs;
  return planned({ kind: 'ready', inServiceAtMs, fullAtMs }, grants);
}

function failure({ fault, durations, createdAtMs, jitter, random }: Creation, afterMs: number, message: string): Plan {
  const rollingBackAtMs = createdAtMs + withJitter(afterMs, jitter, random) + extraMsOf(fault);
  const failedAtMs = rollingBackAtMs + withJitter(durations.rollbackMs, jitter, random);
  return { kind: 'fails', rollingBackAtMs, failedAtMs, message };
}

function extraMsOf(fault: ClusterFault | undefined): number {
  return fault?.kind === 'slow' ? fault.extraMs : 0;
}
