import { capacityLimit, quotaLimit } from '../core/limits.ts';
import { Refusal } from '../core/refusal.ts';
import type { Context } from './context.ts';

/** The instances that a RunInstances call asks for. With a minimum, fewer than the whole amount are a success too. */
export interface RequestedInstances {
  readonly region: string;
  readonly instanceType: string;
  readonly amount: number;
  readonly minAmount: number | undefined;
}

/**
 * Refuses a call that exceeds a quota, which counts every instance of the type that exists.
 * @throws Refusal QuotaExceed.ElasticQuota
 */
export function checkQuota(context: Context, requested: RequestedInstances, nowMs: number): void {
  const { region, instanceType, amount } = requested;
  const quota = quotaLimit(context, region, instanceType);
  if (quota === undefined || existing(context, region, instanceType, nowMs) + amount <= quota) return;
  throw new Refusal(
    'QuotaExceed.ElasticQuota',
    'No additional quota is available for the specified ECS instance type.',
    403,
  );
}

/**
 * How many instances the call gets.
 * @param atMost what the call's fault leaves of the stock
 * @throws Refusal OperationDenied.NoStock when that is less than the call accepts
 */
export function allocate(context: Context, requested: RequestedInstances, atMost: number, nowMs: number): number {
  const { region, instanceType, amount, minAmount = amount } = requested;
  const limit = capacityLimit(context, region, instanceType) ?? Infinity;
  const free = Math.max(0, Math.min(limit - existing(context, region, instanceType, nowMs), atMost));
  if (free >= minAmount) return Math.min(amount, free);
  throw new Refusal(
    'OperationDenied.NoStock',
    'The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.',
    403,
  );
}

function existing({ account }: Context, region: string, instanceType: string, nowMs: number): number {
  return account.instances(region, nowMs).filter(({ run }) => run.instanceType === instanceType).length;
}
