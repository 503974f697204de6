import { goneAtMsOf } from '../core/faults.ts';
import { randomFor } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';
import { visibleFrom } from '../core/visibility.ts';
import { clusterArn } from './arns.ts';
import { allocate, checkQuotas } from './capacity.ts';
import type { Operation } from './context.ts';
import { checkCreation } from './create-checks.ts';
import { CreateClusterInput } from './inputs.ts';
import { planCreation } from './plan.ts';
import { parseInput } from './validation.ts';

/** Accepts a creation. There is no idempotency token: only the name keeps a second call from making a second cluster. */
export const createCluster: Operation = (context, { region, nowMs, requestId }, body) => {
  const { account, durations, jitter, seed } = context;
  const request = parseInput(CreateClusterInput, body);
  checkCreation(request);
  const name = request.ClusterName;
  const existing = account.clusterNamed(region, name, nowMs);
  if (existing !== undefined) {
    throw new Refusal('ResourceInUse', `A cluster with the name ${name} already exists: ${existing.arn}`);
  }
  checkQuotas(context, request, region, nowMs);

  const arn = clusterArn(seed, region, context.accountId, account.nextClusterNumber(region));
  const fault = context.faults.takeClusterFault({ operation: 'CreateCluster', region, clusterName: name });
  const tags = request.Tags ?? [];
  const allocation = allocate(context, request, region, nowMs);
  const random = randomFor(seed, 'fate', arn);
  account.add({
    arn,
    name,
    region,
    request,
    initialTags: tags,
    tags,
    createdAtMs: nowMs,
    createdByCall: requestId,
    ...planCreation({ request, createdAtMs: nowMs, allocation, fault, durations, jitter, random }),
    ...visibleFrom(nowMs, durations),
    deleteStuck: fault?.kind === 'delete-stuck',
    ...goneAtMsOf(fault, nowMs),
  });
  return { ClusterArn: arn };
};
