import { z } from 'zod';
import type { Operation } from './context.ts';
import { Refusal } from '../core/refusal.ts';
import { instanceNotFound } from './errors.ts';
import { regionOf } from './regions.ts';
import { parseParameters } from './validation.ts';

const MINUTE_MS = 60_000;
/** Both bounds are in the documentation of RunInstances. Three years count as 3 x 365 days. */
const EARLIEST_MS = 30 * MINUTE_MS;
const LATEST_MS = 3 * 365 * 24 * 60 * MINUTE_MS;

/**
 * The time of an automatic release, cut to the minute as by the service. The bounds apply to the time before the cut.
 * @param nowMs simulated
 * @throws Refusal InvalidAutoReleaseTime.Malformed
 */
export function parseAutoReleaseTime(text: string, nowMs: number): number {
  const atMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  if (atMs - nowMs >= EARLIEST_MS && atMs - nowMs <= LATEST_MS) return Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  throw new Refusal('InvalidAutoReleaseTime.Malformed', 'The specified parameter AutoReleaseTime is not valid.');
}

const ModifyInput = z.object({ InstanceId: z.string(), AutoReleaseTime: z.string().optional() });

/** Sets the time of an instance's automatic release; without a time there is none any more. */
export const modifyInstanceAutoReleaseTime: Operation = (context, { nowMs }, parameters) => {
  const region = regionOf({ RegionId: context.defaultRegion, ...parameters });
  const { InstanceId: id, AutoReleaseTime: time } = parseParameters(ModifyInput, parameters);
  const found = context.account.visibleInstance(region, id, nowMs);
  if (found === undefined) throw instanceNotFound();
  if (time === undefined) delete found.instance.autoReleaseAtMs;
  else found.instance.autoReleaseAtMs = parseAutoReleaseTime(time, nowMs);
  return {};
};
