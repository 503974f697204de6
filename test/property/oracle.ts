import type { CREATION_STATES } from '../../contracts/creation.ts';
import type { Snapshot } from './database.ts';
import { STRANGER } from './vendor-clusters.ts';
import type { World } from './world.ts';

export type CreationState = (typeof CREATION_STATES)[number];
const ENDED: readonly CreationState[] = ['refused', 'absent', 'released'];

/**
 * After every action. A cluster is live from its birth until it is gone; a send whose request is still on its way is
 * unborn, and as bad as live. Of a request there is never more than one of both, doomed or not: a key that closes must
 * be proven absent before the next one opens, and a key that is sent again was proven absent, or is kept single by the
 * vendor. Under a key that has ended there is none. Excepted is only what a machine sent that stopped between the
 * adapter's look at its clock and the wire, for longer than its right to send lasted: the sweep finds that.
 */
export function check(world: World, snapshot: Snapshot): void {
  const { creations } = snapshot;
  const counts = creations.map((row) => ({ ...row, count: world.vendor.liveOrUnborn(row.key) }));
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const told = counts.map(({ key, state, count }) => `${key.slice(-4)} ${state}: ${count}`).join(', ');
  if (total > 1) world.violate(`${total} clusters live or may still be born (${told})`);
  for (const { state, count } of counts) {
    if (ENDED.includes(state) && count > 0) world.violate(`a cluster under a key that has ended (${told})`);
  }
  if (snapshot.audit.length > 0) world.violate(`audit: ${snapshot.audit.join('; ')}`);
  if (snapshot.heldMicros > world.heldMicros && snapshot.heldMicros + snapshot.spentMicros > snapshot.limitMicros) {
    world.violate(`a hold beyond the limit: ${snapshot.heldMicros} held, ${snapshot.spentMicros} spent`);
  }
  world.heldMicros = snapshot.heldMicros;

  const lease = creations.findIndex(({ leased }) => leased);
  const replaced = world.terms.onBroken === 'reprovision' && creations[lease]?.state === 'released';
  if (lease >= 0 && lease < creations.length - 1 && !replaced) world.violate('a creation was opened after a lease');
  const ended = world.takeEnded();
  const left = creations.find(({ state }) => !ENDED.includes(state));
  if (ended && left) world.violate(`the request ended ${ended} while creation ${left.key.slice(-4)} is ${left.state}`);
}

/** Once nothing moves any more. */
export function checkRest(world: World, snapshot: Snapshot): void {
  const { creations, sightings } = snapshot;
  check(world, snapshot);
  const active = creations.filter(({ state }) => !ENDED.includes(state));
  const leased = active.find(({ state }) => state === 'leased');
  for (const row of active) {
    if (row.state !== 'leased') world.violate(`creation ${row.key.slice(-4)} rests ${row.state}`);
    if (!world.temporal.running(row.owner)) world.violate(`the lease of ${row.key.slice(-4)} has no running owner`);
  }
  if (leased === undefined && snapshot.heldMicros !== 0) world.violate(`${snapshot.heldMicros} held for nothing`);
  if (
    leased === undefined &&
    snapshot.request?.outcome === 'ready' &&
    !creations.some((row) => row.state === 'released')
  ) {
    world.violate('ready without a lease');
  }

  for (const cluster of world.vendor.clusters) {
    if (cluster.owner === STRANGER) continue;
    const sighting = sightings.find(({ clusterId }) => clusterId === cluster.id);
    const isLeased = leased?.clusterId === cluster.id;
    if (world.vendor.isAlive(cluster) && !isLeased) world.violate(`${cluster.id} lives, and nobody leases it`);
    // What vanished before anybody could look was never seen.
    if (!isLeased && sighting?.booked == null && !cluster.vanished) world.violate(`${cluster.id} was never booked`);
  }
  const found = world.vendor.clusters.find(({ id }) => id === leased?.clusterId);
  if (leased && (found === undefined || (!world.vendor.isAlive(found) && !found.vanished))) {
    world.violate('the leased cluster does not live');
  }
}
