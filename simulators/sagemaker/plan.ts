import { jittered } from '../core/durations.ts';
import type { Outcome } from '../core/faults.ts';
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

export interface Birthplace {
  readonly request: CreateClusterInput;
  readonly createdAtMs: number;
  readonly allocation: Allocation;
  readonly outcome: Outcome | undefined;
  readonly durations: Durations;
  readonly jitter: number;
  readonly random: Random;
}

type Fate = Pick<Cluster, 'plan' | 'grants' | 'nodesLaunchAtMs'>;

/** Settles at its birth what a creation comes to: by the scripted outcome if there is one, else by what was found. */
export function settleFate(birth: Birthplace): Fate {
  const { durations, outcome, createdAtMs } = birth;
  const extraMs = outcome?.kind === 'slow' ? outcome.extraMs : 0;
  const creatingMs = jittered(durations.creatingMs, birth.jitter, birth.random) + extraMs;
  const nodesLaunchAtMs = createdAtMs + creatingMs * LAUNCH_PART;
  const fate = (plan: Plan, grants: Grants): Fate => ({ plan, grants, nodesLaunchAtMs });

  const allocation =
    outcome?.kind === 'partial-capacity'
      ? allocatePart(birth.request, birth.allocation.grants, outcome.nodes)
      : birth.allocation;
  const { grants } = allocation;
  if (outcome?.kind === 'never-ready') return fate({ kind: 'never-ready' }, grants);
  if (outcome?.kind === 'fails')
    return fate(failure(birth, durations.failingMs, outcome.message ?? LIFECYCLE_FAILED), grants);
  if (outcome?.kind === 'no-capacity' || allocation.verdict === 'too-few') {
    return fate(failure(birth, durations.failingMs, NO_CAPACITY), allocateNothing(grants));
  }
  if (allocation.verdict === 'below-minimum') return fate(failure(birth, durations.minimumWaitMs, NO_CAPACITY), grants);

  const fullAtMs = createdAtMs + creatingMs;
  // With continuous provisioning the cluster is in service as soon as it can take nodes.
  return fate(
    { kind: 'ready', inServiceAtMs: isContinuous(birth.request) ? nodesLaunchAtMs : fullAtMs, fullAtMs },
    grants,
  );
}

function failure(birth: Birthplace, creatingMs: number, message: string): Plan {
  const extraMs = birth.outcome?.kind === 'slow' ? birth.outcome.extraMs : 0;
  const rollingBackAtMs = birth.createdAtMs + jittered(creatingMs, birth.jitter, birth.random) + extraMs;
  const failedAtMs = rollingBackAtMs + jittered(birth.durations.rollbackMs, birth.jitter, birth.random);
  return { kind: 'fails', rollingBackAtMs, failedAtMs, message };
}
