import type { Location } from '../../contracts/health.ts';
import type { RunningWorkers } from '../../workers/run.ts';
import { until } from './until.ts';

/** A metric of a location's monitor; 0 before its first sweep. @param metric name without `muster_monitor_` */
export async function measured({ metrics }: RunningWorkers, location: Location, metric: string): Promise<number> {
  const found = await metrics.getSingleMetric(`muster_monitor_${metric}`)?.get();
  const values = (found?.values ?? []).filter(
    ({ labels }) => labels['provider'] === location.provider && labels['region'] === location.region,
  );
  return values.filter(({ labels }) => labels['outcome'] !== 'failed').reduce((sum, { value }) => sum + value, 0);
}

/** Waits until the monitor of a location has made this many more sweeps without a failure. */
export async function untilSwept(workers: RunningWorkers, location: Location, times = 3): Promise<void> {
  const before = await measured(workers, location, 'sweeps_total');
  await until(async () => (await measured(workers, location, 'sweeps_total')) >= before + times, {
    what: `${times} sweeps of ${location.provider} in ${location.region}`,
  });
}
