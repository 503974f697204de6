import type { CreationState } from '../../contracts/creation.ts';
import type { Snapshot } from './database.ts';
import { STRANGER } from './vendor-cluster.ts';
import type { World } from './world.ts';

const ENDED: readonly CreationState[] = ['refused', 'absent', 'released'];

/**
 * Checks the promises after an action. A cluster is live from its creation until it is gone. A late create, which is
 * still on its way to the vendor, counts as live. A request never has more than one of both: a closing key must be
 * proven absent before the next one opens, and a key that is sent again was proven absent before, or the vendor keeps it
 * single. A key that has ended has none. The only exception is a cluster of an overdue send, from a machine that stopped
 * between the adapter's look at its clock and the wire for longer than the right to send lasts: a sweep finds it.
 */
export function checkAction(world: World, snapshot: Snapshot): void {
  const { creations } = snapshot;
  const counts = creations.map((row) => ({ ...row, count: world.vendor.liveOrLate(row.key) }));
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const listed = counts.map(({ key, state, count }) => `${key.slice(-4)} ${state}: ${count}`).join(', ');
  if (total > 1) world.violate(`${total} clusters live or may still appear (${listed})`);
  for (const { state, count } of counts) {
    if (ENDED.includes(state) && count > 0) world.violate(`a cluster under a key that has ended (${listed})`);
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

/** Checks the promises of an idle world. */
export function checkIdle(world: World, snapshot: Snapshot): void {
  const { creations, observed } = snapshot;
  checkAction(world, snapshot);
  const active = creations.filter(({ state }) => !ENDED.includes(state));
  const leased = active.find(({ state }) => state === 'leased');
  for (const row of active) {
    if (row.state !== 'leased') world.violate(`creation ${row.key.slice(-4)} stays ${row.state}`);
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
    const found = observed.find(({ clusterId }) => clusterId === cluster.id);
    const isLeased = leased?.clusterId === cluster.id;
    if (world.vendor.isAlive(cluster) && !isLeased) world.violate(`${cluster.id} lives without a lease`);
    // A cluster that vanished before any look was never observed.
    if (!isLeased && found?.booked == null && !cluster.vanished) world.violate(`${cluster.id} was never booked`);
  }
  const found = world.vendor.clusters.find(({ id }) => id === leased?.clusterId);
  if (leased && (found === undefined || (!world.vendor.isAlive(found) && !found.vanished))) {
    world.violate('the leased cluster does not live');
  }
}
