import type { Creation } from '../../../contracts/creation.ts';
import { leaseWorkflowId } from '../../../contracts/ids.ts';
import { live, settle } from './life.ts';
import type { OpenOptions, World } from './world.ts';

/** A cluster in use: what the steps of its lease are told. */
export interface Leased {
  readonly key: string;
  readonly clusterId: string;
  readonly creation: Creation;
}

const leaseOf = ({ requestId, number }: Creation): string => leaseWorkflowId(requestId, number);

/** From nothing to a cluster in use, as its request hands it over. */
export async function leased(world: World, options: OpenOptions = {}): Promise<Leased> {
  const opened = await world.open(options);
  const { key } = opened;
  const end = await live(world, opened);
  if (end.end !== 'ready') throw new Error(`${key} ended ${end.end}: ${end.failure.message}`);
  const { outcome, creation } = await world.ledger.lease(key, leaseOf(opened), end.clusterId);
  if (outcome !== 'leased' || creation === null) throw new Error(`${key} cannot be leased: ${outcome}`);
  return { key, clusterId: end.clusterId, creation };
}

/** Its money is held for so much longer. */
export async function extend(world: World, { key, creation }: Leased, byMs: number): Promise<void> {
  const { outcome } = await world.ledger.extendHold(key, (creation.leaseUntilMs ?? 0) + byMs, 'test');
  if (outcome !== 'extended') throw new Error(`${key} cannot be extended: ${outcome}`);
}

export async function beginRelease(world: World, { key, creation }: Leased): Promise<void> {
  const { outcome } = await world.ledger.beginClosing(key, leaseOf(creation), creation.epoch, 'Released', 'test');
  if (outcome !== 'closing') throw new Error(`${key} cannot be released: ${outcome}`);
}

/** From a cluster in use to one that is released, proven absent and paid for. */
export async function released(world: World, lease: Leased): Promise<Creation> {
  await beginRelease(world, lease);
  return settle(world, lease.creation);
}

/** What the ledger knows of a creation. */
export async function known(world: World, { key, creation: { requestId } }: Leased): Promise<Creation> {
  const row = (await world.ledger.receipt(requestId)).creations.find((creation) => creation.key === key);
  if (row === undefined) throw new Error(`${key} is not known`);
  return row;
}
