import { failed, unknown, ok, type Check } from '../../contracts/health.ts';
import type { Monitors } from './monitors.ts';

/** Whether a region is watched, and how that goes. */
export async function checkMonitor(monitors: Monitors, provider: string, region: string): Promise<Check> {
  const subject = `${provider} ${region}: monitor`;
  const found = await monitors.report(region);
  if (found === null) return unknown(subject, 'none runs; one is started with the first creation there');
  const { report, alive } = found;
  const swept =
    report?.sweptAtMs == null
      ? 'it has not swept yet'
      : `swept ${Math.round((Date.now() - report.sweptAtMs) / 1_000)} s ago: ${report.listed} listed, ${report.waiting} waiting`;
  const trouble = report?.trouble ?? null;
  if (alive && trouble === null) return ok(subject, swept);
  return failed(
    subject,
    trouble === null ? swept : `${swept}; ${trouble}`,
    "See the workflow's pending activity, and the log of the provider's worker.",
  );
}
