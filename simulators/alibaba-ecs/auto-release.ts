import { z } from 'zod';
import type { Operation } from './context.ts';
import { EcsError, instanceNotFound } from './errors.ts';
import { regionOf } from './regions.ts';
import { parseParameters } from './validation.ts';

const MINUTE_MS = 60_000;
/** Both bounds: the documentation of RunInstances. Three years are taken as 3 x 365 days. */
const EARLIEST_MS = 30 * MINUTE_MS;
const LATEST_MS = 3 * 365 * 24 * 60 * MINUTE_MS;

/**
 * The time of an automatic release, cut to the minute as the service does. The bounds are held against the time as it
 * was sent.
 * @param nowMs simulated
 * @throws EcsError InvalidAutoReleaseTime.Malformed
 */
export function autoReleaseAtMs(text: string, nowMs: number): number {
  const atMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  if (atMs - nowMs >= EARLIEST_MS && atMs - nowMs <= LATEST_MS) return Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  throw new EcsError('InvalidAutoReleaseTime.Malformed', 'The specified parameter AutoReleaseTime is not valid.');
}

const ModifyInput = z.object({ InstanceId: z.string(), AutoReleaseTime: z.string().optional() });

/** Sets the time at which an instance releases itself; without a time it does not any more. */
export const modifyInstanceAutoReleaseTime: Operation = (setting, { nowMs }, parameters) => {
  const region = regionOf({ RegionId: setting.defaultRegion, ...parameters });
  const { InstanceId: id, AutoReleaseTime: time } = parseParameters(ModifyInput, parameters);
  const member = setting.account.visibleInstance(region, id, nowMs);
  if (member === undefined) throw instanceNotFound();
  if (time === undefined) delete member.instance.autoReleaseAtMs;
  else member.instance.autoReleaseAtMs = autoReleaseAtMs(time, nowMs);
  return {};
};
