import { formatWireTime } from '../../../contracts/opening.ts';
import type { EcsClient } from './client.ts';
import { isNotFound } from './errors.ts';
import type { Instance } from './reads.ts';

const MINUTE_MS = 60_000;

/** The furthest time that the service accepts: 3 years ahead, by its documentation. A day less, because clocks differ. */
const FURTHEST_MS = (3 * 365 - 1) * 24 * 60 * MINUTE_MS;

/**
 * Moves the release time of instances, unless theirs is later. A time beyond what the service accepts becomes the furthest
 * one, and is moved again while the lease continues. An instance shows its release time, so a repeat makes no further call.
 */
export async function moveExpiry(
  ecs: EcsClient,
  region: string,
  instances: readonly Instance[],
  atMs: number,
): Promise<void> {
  const movedToMs = Math.min(atMs, Date.now() + FURTHEST_MS);
  for (const { id, releasesAtMs } of instances) {
    // The service drops the seconds of a time.
    if (releasesAtMs === null || releasesAtMs > movedToMs - MINUTE_MS) continue;
    const input = { RegionId: region, InstanceId: id, AutoReleaseTime: formatWireTime(movedToMs) };
    try {
      await ecs.call('ModifyInstanceAutoReleaseTime', region, input);
    } catch (error) {
      // It was deleted after the read.
      if (!isNotFound(error)) throw error;
    }
  }
}
