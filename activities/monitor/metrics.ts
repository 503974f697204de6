import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { MonitorReport } from '../../contracts/findings.ts';
import type { Swept } from './sweep.ts';

/** Which monitor. */
interface Labels {
  readonly provider: string;
  readonly region: string;
}

/** What monitors of a worker process measure. */
export interface MonitorMetrics {
  /** After each sweep; `outcome` is an error where it failed. */
  swept(labels: Labels, outcome: Swept | Error, report: MonitorReport, tookMs: number): void;
  /** The region is swept by this process no longer: what it showed last must not be taken for the present. */
  ended(labels: Labels): void;
}

const LABELS = ['provider', 'region'] as const;

/** Gauges of the last sweep, each with what it reads of the report. */
const GAUGES = {
  last_sweep_timestamp_seconds: ['When the last sweep ended that did not fail.', (r) => (r.sweptAtMs ?? 0) / 1_000],
  interval_seconds: ['Pause between two sweeps.', (r) => r.intervalMs / 1_000],
  lag_seconds: ['How long the oldest change is known that its owner has not recorded.', (r) => r.lagMs / 1_000],
  clusters: ['Clusters of this installation that the provider lists.', (r) => r.listed],
  waiting: ['Creations that wait to become usable.', (r) => r.waiting],
  leases: ['Leased creations.', (r) => r.leases],
  strays: ['Clusters that look like ours and that the ledger does not know.', (r) => r.strays],
  cleanups_left: [
    'Left to people: cleanups beyond the cap or only reported, and rows that a ledger set back has wrong.',
    (r) => r.cleanupsLeft,
  ],
} satisfies Record<string, [string, (report: MonitorReport) => number]>;

/** Counters, each with what a sweep adds. */
const COUNTERS = {
  told_total: ['Hints given to owners.', (swept) => swept.told],
  leases_started_total: ['Leases started again.', (swept) => swept.leasesStarted],
  cleanups_started_total: ['Cleanups started.', (swept) => swept.cleanupsStarted],
} satisfies Record<string, [string, (swept: Swept) => number]>;

/** Puts the monitors' metrics, named `muster_monitor_...`, on a registry. */
export function monitorMetrics(registry: Registry): MonitorMetrics {
  const registers = [registry];
  const gauges = Object.entries(GAUGES).map(([name, [help, read]]) => ({
    gauge: new Gauge({ name: `muster_monitor_${name}`, help, labelNames: LABELS, registers }),
    read,
  }));
  const counters = Object.entries(COUNTERS).map(([name, [help, added]]) => ({
    counter: new Counter({ name: `muster_monitor_${name}`, help, labelNames: LABELS, registers }),
    added,
  }));
  const sweeps = new Counter({
    name: 'muster_monitor_sweeps_total',
    help: 'Sweeps, by whether they succeeded.',
    labelNames: [...LABELS, 'outcome'],
    registers,
  });
  const took = new Histogram({
    name: 'muster_monitor_sweep_seconds',
    help: 'How long a sweep took.',
    labelNames: LABELS,
    buckets: [0.1, 0.3, 1, 3, 10, 30, 100, 300],
    registers,
  });
  return {
    swept: ({ provider, region }, outcome, report, tookMs) => {
      const labels = { provider, region };
      sweeps.inc({ ...labels, outcome: outcome instanceof Error ? 'failed' : 'done' });
      took.observe(labels, tookMs / 1_000);
      for (const { gauge, read } of gauges) gauge.set(labels, read(report));
      if (outcome instanceof Error) return;
      for (const { counter, added } of counters) counter.inc(labels, added(outcome));
    },
    ended: ({ provider, region }) => {
      for (const { gauge } of gauges) gauge.remove({ provider, region });
    },
  };
}
