import { inject } from 'vitest';

/** Billable actions of a namespace so far, by kind: the counter that Temporal Cloud bills by. */
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

/** What was added between two such counts, by kind; kinds of which there were none are left out. */
export const addedActions = (
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...after]
      .map(([kind, count]) => [kind, count - (before.get(kind) ?? 0)] as const)
      .filter(([, added]) => added > 0),
  );
