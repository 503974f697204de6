import type { Location } from '../../contracts/health.ts';
import type { RunningWorkers } from '../../workers/run.ts';
import { until } from './until.ts';

/** What the workers' monitor of a place measures; 0 before its first sweep. @param metric without `muster_monitor_` */
export async function measured({ metrics }: RunningWorkers, place: Location, metric: string): Promise<number> {
  const found = await metrics.getSingleMetric(`muster_monitor_${metric}`)?.get();
  const values = (found?.values ?? []).filter(
    ({ labels }) => labels['provider'] === place.provider && labels['region'] === place.region,
  );
  return values.filter(({ labels }) => labels['outcome'] !== 'failed').reduce((sum, { value }) => sum + value, 0);
}

/** Waits until the workers' monitor of a place has swept it so many times more, without failing. */
export async function untilSwept(workers: RunningWorkers, place: Location, times = 3): Promise<void> {
  const before = await measured(workers, place, 'sweeps_total');
  await until(async () => (await measured(workers, place, 'sweeps_total')) >= before + times, {
    what: `${times} sweeps of ${place.provider} in ${place.region}`,
  });
}
