import { randomFor } from '../core/random.ts';
import { clusterArn } from './arns.ts';
import { allocate, checkQuotas } from './capacity.ts';
import type { Cluster } from './cluster.ts';
import type { Operation } from './context.ts';
import { checkCreation } from './create-checks.ts';
import { AwsError } from './errors.ts';
import { CreateClusterInput } from './inputs.ts';
import { planCreation } from './plan.ts';
import { parseInput } from './validation.ts';

/** Accepts a creation. There is no idempotency token: only the name keeps a second call from making a second cluster. */
export const createCluster: Operation = (setting, { region, nowMs, requestId }, body) => {
  const { account, durations, jitter, seed } = setting;
  const request = parseInput(CreateClusterInput, body);
  checkCreation(request);
  const name = request.ClusterName;
  const holder = account.holderOf(region, name, nowMs);
  if (holder !== undefined) {
    throw new AwsError('ResourceInUse', `A cluster with the name ${name} already exists: ${holder.arn}`);
  }
  const living = account.living(region, nowMs);
  checkQuotas(request, [...setting.quotas, ...account.state.quotas], living, region, nowMs);

  const arn = clusterArn(seed, region, setting.accountId, account.nextIncarnation(region));
  const clusterFault = setting.faults.takeClusterFault({ operation: 'CreateCluster', region, clusterName: name });
  const tags = request.Tags ?? [];
  const cluster: Cluster = {
    arn,
    name,
    region,
    request,
    initialTags: tags,
    tags,
    createdAtMs: nowMs,
    createdByCall: requestId,
    ...planCreation({
      request,
      createdAtMs: nowMs,
      allocation: allocate(request, [...setting.capacity, ...account.state.capacity], living, region, nowMs),
      clusterFault,
      durations,
      jitter,
      random: randomFor(seed, 'fate', arn),
    }),
    visibleToGetAtMs: nowMs + durations.getLagMs,
    visibleToListAtMs: nowMs + durations.listLagMs,
    deleteStuck: clusterFault?.kind === 'delete-stuck',
    ...(clusterFault?.kind === 'vanish' ? { goneAtMs: nowMs + clusterFault.afterMs } : {}),
  };
  account.add(cluster);
  return { ClusterArn: arn };
};
