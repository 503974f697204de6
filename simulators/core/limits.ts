import type { SetLimit } from './control-messages.ts';

/** The limits after a change: one for the same region and type replaces the earlier one. */
export function withLimit(limits: readonly SetLimit[], change: SetLimit): SetLimit[] {
  const isOther = (limit: SetLimit): boolean =>
    limit.region !== change.region || limit.instanceType !== change.instanceType;
  return [...limits.filter(isOther), change];
}

/** The last rule that fits, because later ones go over earlier ones; one of null lifts the limit. */
export function limitOf(limits: readonly SetLimit[], region: string, instanceType: string): number | undefined {
  const limit = limits.findLast(
    (candidate) => (candidate.region ?? region) === region && (candidate.instanceType ?? instanceType) === instanceType,
  );
  return limit?.nodes ?? undefined;
}
