import type { Limit, SetLimit } from './control-messages.ts';

/** A context whose account holds the limits that the control API has set. */
interface LimitedContext {
  readonly account: {
    readonly state: { readonly capacity: readonly SetLimit[]; readonly quotas: readonly SetLimit[] };
  };
  readonly capacity: readonly Limit[];
  readonly quotas: readonly Limit[];
}

/** Nodes of a type that exist in a region; undefined without a limit. */
export function capacityLimit(context: LimitedContext, region: string, instanceType: string): number | undefined {
  return limitOf([...context.capacity, ...context.account.state.capacity], region, instanceType);
}

/** Nodes of a type that calls may ask for in a region; undefined without a limit. */
export function quotaLimit(context: LimitedContext, region: string, instanceType: string): number | undefined {
  return limitOf([...context.quotas, ...context.account.state.quotas], region, instanceType);
}

/** The limits after a change: a limit for the same region and type replaces the earlier one. */
export function withLimit(limits: readonly SetLimit[], change: SetLimit): SetLimit[] {
  const isOther = (limit: SetLimit): boolean =>
    limit.region !== change.region || limit.instanceType !== change.instanceType;
  return [...limits.filter(isOther), change];
}

/** The last limit that fits, because later ones override earlier ones; null nodes lift the limit. */
function limitOf(limits: readonly SetLimit[], region: string, instanceType: string): number | undefined {
  const limit = limits.findLast(
    (candidate) => (candidate.region ?? region) === region && (candidate.instanceType ?? instanceType) === instanceType,
  );
  return limit?.nodes ?? undefined;
}
