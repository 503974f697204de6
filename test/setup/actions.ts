import { inject } from 'vitest';

/** Billable actions of a namespace so far, by kind: Temporal Cloud bills by this counter. */
export async function actionsOf(namespace: string): Promise<ReadonlyMap<string, number>> {
  // Metrics have no hyphens.
  const label = `namespace="${namespace.replaceAll('-', '_')}"`;
  const text = await (await fetch(inject('temporalMetricsUrl'))).text();
  const counts = new Map<string, number>();
  for (const [, labels = '', value] of text.matchAll(/^action\{([^}]*)\} (\S+)$/gm)) {
    if (!labels.includes(label)) continue;
    const kind = /action_type="([^"]*)"/.exec(labels)?.[1] ?? '';
    counts.set(kind, (counts.get(kind) ?? 0) + Number(value));
  }
  return counts;
}

/** The differences between two counts, by kind, without kinds that did not change. */
export const addedActions = (
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...after]
      .map(([kind, count]) => [kind, count - (before.get(kind) ?? 0)] as const)
      .filter(([, added]) => added > 0),
  );
