import { limitOf } from '../core/limits.ts';
import type { Setting } from './context.ts';
import { EcsError } from './errors.ts';

/** What a RunInstances call wants. With a minimum, less than the whole amount is a success too. */
export interface Wanted {
  readonly region: string;
  readonly instanceType: string;
  readonly amount: number;
  readonly minAmount: number | undefined;
}

/**
 * Refuses a call that would go over a quota, counting every instance of the type that is not gone.
 * @throws EcsError QuotaExceed.ElasticQuota
 */
export function checkQuota(setting: Setting, { region, instanceType, amount }: Wanted, nowMs: number): void {
  const quota = limitOf([...setting.quotas, ...setting.account.state.quotas], region, instanceType);
  if (quota === undefined || held(setting, region, instanceType, nowMs) + amount <= quota) return;
  throw new EcsError(
    'QuotaExceed.ElasticQuota',
    'No additional quota is available for the specified ECS instance type.',
    403,
  );
}

/**
 * How many instances the call gets.
 * @param atMost what a scripted outcome leaves of the stock
 * @throws EcsError OperationDenied.NoStock when that is less than it would settle for
 */
export function allocate(setting: Setting, wanted: Wanted, atMost: number, nowMs: number): number {
  const { region, instanceType, amount, minAmount = amount } = wanted;
  const limit = limitOf([...setting.capacity, ...setting.account.state.capacity], region, instanceType) ?? Infinity;
  const free = Math.max(0, Math.min(limit - held(setting, region, instanceType, nowMs), atMost));
  if (free >= minAmount) return Math.min(amount, free);
  throw new EcsError(
    'OperationDenied.NoStock',
    'The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.',
    403,
  );
}

function held({ account }: Setting, region: string, instanceType: string, nowMs: number): number {
  return account.instances(region, nowMs).filter(({ run }) => run.instanceType === instanceType).length;
}
