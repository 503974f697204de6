import { failed, ok, unknown, type Check } from '../../contracts/health.ts';
import type { Monitors } from './monitors.ts';

/** Checks whether a region has a monitor, and how that monitor does. */
export async function checkMonitor(monitors: Monitors, provider: string, region: string): Promise<Check> {
  const subject = `${provider} ${region}: monitor`;
  const status = await monitors.status(region);
  if (status === null) return unknown(subject, 'not running; the first creation in the region starts it');
  const { report, alive } = status;
  const lastSweep =
    report?.lastSweepAtMs == null
      ? 'it has not swept yet'
      : `swept ${Math.round((Date.now() - report.lastSweepAtMs) / 1_000)} s ago: ${report.listed} listed, ${report.waiting} waiting`;
  const problem = report?.problem ?? null;
  if (alive && problem === null) return ok(subject, lastSweep);
  return failed(
    subject,
    problem === null ? lastSweep : `${lastSweep}; ${problem}`,
    "See the workflow's pending activity and the log of the provider's worker.",
  );
}
