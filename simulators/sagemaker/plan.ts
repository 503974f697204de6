import { jittered } from '../core/durations.ts';
import type { ClusterFault } from '../core/faults.ts';
import type { Random } from '../core/random.ts';
import { allocateNothing, allocatePart, type Allocation, type Grants } from './capacity.ts';
import { isContinuous, type Cluster, type Plan } from './cluster.ts';
import type { Durations } from './durations.ts';
import type { CreateClusterInput } from './inputs.ts';

/** The service's own words for a creation that found no instances. */
const NO_CAPACITY =
  'We currently do not have sufficient capacity for the requested instance type(s). Please try again.';
const LIFECYCLE_FAILED =
  'Lifecycle scripts did not run successfully. To view lifecycle script logs, visit log group ' +
  '/aws/sagemaker/Clusters in CloudWatch. If you want to retry, delete the cluster and create it again.';

/** Instances get their ids after this part of the time that a creation takes. */
const LAUNCH_PART = 0.25;

export interface PlannedCreation {
  readonly request: CreateClusterInput;
  readonly createdAtMs: number;
  readonly allocation: Allocation;
  readonly clusterFault: ClusterFault | undefined;
  readonly durations: Durations;
  readonly jitter: number;
  readonly random: Random;
}

type CreationPlan = Pick<Cluster, 'plan' | 'grants' | 'nodesLaunchAtMs'>;

/** Settles at its birth what a creation comes to: by the scripted outcome if there is one, else by what was found. */
export function planCreation(creation: PlannedCreation): CreationPlan {
  const { durations, clusterFault, createdAtMs } = creation;
  const extraMs = clusterFault?.kind === 'slow' ? clusterFault.extraMs : 0;
  const creatingMs = jittered(durations.creatingMs, creation.jitter, creation.random) + extraMs;
  const nodesLaunchAtMs = createdAtMs + creatingMs * LAUNCH_PART;
  const fate = (plan: Plan, grants: Grants): CreationPlan => ({ plan, grants, nodesLaunchAtMs });

  const allocation =
    clusterFault?.kind === 'partial-capacity'
      ? allocatePart(creation.request, creation.allocation.grants, clusterFault.nodes)
      : creation.allocation;
  const { grants } = allocation;
  if (clusterFault?.kind === 'never-ready') return fate({ kind: 'never-ready' }, grants);
  if (clusterFault?.kind === 'fails')
    return fate(failure(creation, durations.failingMs, clusterFault.message ?? LIFECYCLE_FAILED), grants);
  if (clusterFault?.kind === 'no-capacity' || allocation.verdict === 'too-few') {
    return fate(failure(creation, durations.failingMs, NO_CAPACITY), allocateNothing(grants));
  }
  if (allocation.verdict === 'below-minimum')
    return fate(failure(creation, durations.minimumWaitMs, NO_CAPACITY), grants);

  const fullAtMs = createdAtMs + creatingMs;
  // With continuous provisioning the cluster is in service as soon as it can take nodes.
  return fate(
    { kind: 'ready', inServiceAtMs: isContinuous(creation.request) ? nodesLaunchAtMs : fullAtMs, fullAtMs },
    grants,
  );
}

function failure(creation: PlannedCreation, creatingMs: number, message: string): Plan {
  const extraMs = creation.clusterFault?.kind === 'slow' ? creation.clusterFault.extraMs : 0;
  const rollingBackAtMs = creation.createdAtMs + jittered(creatingMs, creation.jitter, creation.random) + extraMs;
  const failedAtMs = rollingBackAtMs + jittered(creation.durations.rollbackMs, creation.jitter, creation.random);
  return { kind: 'fails', rollingBackAtMs, failedAtMs, message };
}
