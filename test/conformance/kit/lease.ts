import type { Creation } from '../../../contracts/creation.ts';
import { leaseWorkflowId } from '../../../contracts/ids.ts';
import { runToEnd, settle } from './creation-run.ts';
import type { OpenOptions, World } from './world.ts';

/** A leased cluster. The steps of its lease take it as their input. */
export interface LeasedCluster {
  readonly key: string;
  readonly clusterId: string;
  readonly creation: Creation;
}

const leaseOf = ({ requestId, number }: Creation): string => leaseWorkflowId(requestId, number);

/** Creates a cluster and leases it, as a request does. */
export async function leaseCluster(world: World, options: OpenOptions = {}): Promise<LeasedCluster> {
  const opened = await world.open(options);
  const { key } = opened;
  const end = await runToEnd(world, opened);
  if (end.end !== 'ready') throw new Error(`${key} ended ${end.end}: ${end.failure.message}`);
  const { outcome, creation } = await world.ledger.lease(key, leaseOf(opened), end.clusterId);
  if (outcome !== 'leased' || creation === null) throw new Error(`${key} cannot be leased: ${outcome}`);
  return { key, clusterId: end.clusterId, creation };
}

/** Holds money for a longer lease. */
export async function extendHold(world: World, { key, creation }: LeasedCluster, byMs: number): Promise<void> {
  const { outcome } = await world.ledger.extendHold(key, (creation.leaseUntilMs ?? 0) + byMs, 'test');
  if (outcome !== 'extended') throw new Error(`${key} cannot be extended: ${outcome}`);
}

export async function beginRelease(world: World, { key, creation }: LeasedCluster): Promise<void> {
  const { outcome } = await world.ledger.beginClosing(key, leaseOf(creation), creation.epoch, 'Released', 'test');
  if (outcome !== 'closing') throw new Error(`${key} cannot be released: ${outcome}`);
}

/** Releases a leased cluster: deleted, proven absent and settled. */
export async function releaseCluster(world: World, lease: LeasedCluster): Promise<Creation> {
  await beginRelease(world, lease);
  return settle(world, lease.creation);
}

/** The creation's row as it is now. */
export async function readCreation(world: World, { key, creation: { requestId } }: LeasedCluster): Promise<Creation> {
  const row = (await world.ledger.receipt(requestId)).creations.find((creation) => creation.key === key);
  if (row === undefined) throw new Error(`the ledger has no creation ${key}`);
  return row;
}
