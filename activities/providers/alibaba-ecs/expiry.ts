import { formatWireTime } from '../../../contracts/opening.ts';
import type { EcsClient } from './client.ts';
import { isNotFound } from './errors.ts';
import type { Instance } from './reads.ts';

const MINUTE_MS = 60_000;

/** Furthest time that the service takes: 3 years ahead, by its documentation; a day less, for clocks that differ. */
const FURTHEST_MS = (3 * 365 - 1) * 24 * 60 * MINUTE_MS;

/**
 * Moves the release of instances to a time, where it would come earlier. A lease that ends beyond what the service takes
 * gets the furthest time, and is moved again as it goes on. What was moved shows it, so that a repeated move leaves it.
 */
export async function moveExpiry(
  ecs: EcsClient,
  region: string,
  instances: readonly Instance[],
  atMs: number,
): Promise<void> {
  const movedToMs = Math.min(atMs, Date.now() + FURTHEST_MS);
  for (const { id, releasesAtMs } of instances) {
    // The service cuts a time to its minute.
    if (releasesAtMs === null || releasesAtMs > movedToMs - MINUTE_MS) continue;
    const input = { RegionId: region, InstanceId: id, AutoReleaseTime: formatWireTime(movedToMs) };
    try {
      await ecs.call('ModifyInstanceAutoReleaseTime', region, input);
    } catch (error) {
      // Gone since it was read.
      if (!isNotFound(error)) throw error;
    }
  }
}
