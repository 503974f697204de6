import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { MonitorReport } from '../../contracts/findings.ts';
import type { SweepResult } from './sweep.ts';

/** Names a monitor. */
interface Labels {
  readonly provider: string;
  readonly region: string;
}

/** What the monitors of a worker process measure. */
export interface MonitorMetrics {
  /** Called after each sweep, with an error for one that failed. */
  recordSweep(labels: Labels, result: SweepResult | Error, report: MonitorReport, tookMs: number): void;
  /** Called when this process stops sweeping the region: its last values are not current any more. */
  removeGauges(labels: Labels): void;
}

const LABELS = ['provider', 'region'] as const;

/** Gauges of the last sweep: each has its help text and the value in the report. */
const GAUGES = {
  last_sweep_timestamp_seconds: ['When the last successful sweep ended.', (r) => (r.lastSweepAtMs ?? 0) / 1_000],
  interval_seconds: ['Pause between two sweeps.', (r) => r.intervalMs / 1_000],
  lag_seconds: ['Age of the oldest change that its owner has not recorded.', (r) => r.lagMs / 1_000],
  clusters: ['Clusters of this installation that the provider lists.', (r) => r.listed],
  waiting: ['Open creations.', (r) => r.waiting],
  leases: ['Leased creations.', (r) => r.leases],
  strays: ['Clusters that carry a key of this installation and are not in the ledger.', (r) => r.strays],
  needs_attention: [
    'Cleanups that the last sweep did not start, and creations whose row a restored ledger has wrong.',
    (r) => r.needsAttention,
  ],
} satisfies Record<string, [string, (report: MonitorReport) => number]>;

/** Counters: each has its help text and what a sweep adds. */
const COUNTERS = {
  hints_sent_total: ['Hints sent to owners.', (sweep) => sweep.hintsSent],
  leases_started_total: ['Leases started again.', (sweep) => sweep.leasesStarted],
  cleanups_started_total: ['Cleanups started.', (sweep) => sweep.cleanupsStarted],
} satisfies Record<string, [string, (sweep: SweepResult) => number]>;

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
    help: 'Sweeps by outcome: done or failed.',
    labelNames: [...LABELS, 'outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'muster_monitor_sweep_seconds',
    help: 'Duration of a sweep.',
    labelNames: LABELS,
    buckets: [0.1, 0.3, 1, 3, 10, 30, 100, 300],
    registers,
  });
  return {
    recordSweep: ({ provider, region }, result, report, tookMs) => {
      const labels = { provider, region };
      sweeps.inc({ ...labels, outcome: result instanceof Error ? 'failed' : 'done' });
      duration.observe(labels, tookMs / 1_000);
      for (const { gauge, read } of gauges) gauge.set(labels, read(report));
      if (result instanceof Error) return;
      for (const { counter, added } of counters) counter.inc(labels, added(result));
    },
    removeGauges: ({ provider, region }) => {
      for (const { gauge } of gauges) gauge.remove({ provider, region });
    },
  };
}
