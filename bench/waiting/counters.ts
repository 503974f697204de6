import type { Stack } from './stack.ts';

/** Counters of all parts since they started. */
export interface Counts {
  readonly sweeps: number;
  readonly failedSweeps: number;
  /** Time of all sweeps together. */
  readonly sweepSeconds: number;
  readonly hintsSent: number;
  /** Calls to the provider, by operation. */
  readonly calls: Readonly<Record<string, number>>;
  /** Billable actions, by Temporal's own counter. */
  readonly actions: number;
}

export async function readCounts({ metrics, control }: Stack): Promise<Counts> {
  const [worker, temporal, journal] = await Promise.all([
    read(metrics.worker),
    read(metrics.temporal),
    control.journal(),
  ]);
  const calls: Record<string, number> = {};
  for (const { operation } of journal) calls[operation] = (calls[operation] ?? 0) + 1;
  return {
    sweeps: sum(worker, 'muster_monitor_sweeps_total', 'outcome="done"'),
    failedSweeps: sum(worker, 'muster_monitor_sweeps_total', 'outcome="failed"'),
    sweepSeconds: sum(worker, 'muster_monitor_sweep_seconds_sum'),
    hintsSent: sum(worker, 'muster_monitor_hints_sent_total'),
    calls,
    actions: sum(temporal, 'action', 'namespace="default"'),
  };
}

/** What was counted between two readings. */
export const difference = (before: Counts, after: Counts): Counts => ({
  sweeps: after.sweeps - before.sweeps,
  failedSweeps: after.failedSweeps - before.failedSweeps,
  sweepSeconds: after.sweepSeconds - before.sweepSeconds,
  hintsSent: after.hintsSent - before.hintsSent,
  calls: Object.fromEntries(
    Object.entries(after.calls)
      .map(([operation, count]) => [operation, count - (before.calls[operation] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  ),
  actions: after.actions - before.actions,
});

/** The current value of one of the monitor's gauges. */
export const gauge = async ({ metrics }: Stack, name: string): Promise<number> =>
  sum(await read(metrics.worker), `muster_monitor_${name}`);

export const allCalls = ({ calls }: Counts): number => Object.values(calls).reduce((total, count) => total + count, 0);

const read = async (url: string): Promise<string> => (await fetch(url)).text();

/** The sum of a metric over all lines with this label. */
function sum(text: string, name: string, label = ''): number {
  const lines = text.matchAll(new RegExp(`^${name}(?:\\{([^}]*)\\})? (\\S+)$`, 'gm'));
  return [...lines].reduce(
    (total, [, labels = '', value]) => (labels.includes(label) ? total + Number(value) : total),
    0,
  );
}
