import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { cleanupWorkflowId, leaseWorkflowId } from '../../contracts/ids.ts';
import { fresh, openKit, type Kit } from './kit.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterAll(() => kit.drop());

const HOUR_MS = 3_600_000;
/** What is said of workflows that have been running for so long. */
const saidOf = async (ids: readonly string[], forMs = 0): Promise<string[]> => {
  const startedAtMs = (await kit.clock.now()) - forMs;
  return kit.ledger.idleOwners(ids.map((id) => ({ id, startedAtMs })));
};

it('leases of creations that are leased or closing, and cleanups of those that have not ended, own something', async () => {
  const [leased, closing, open] = [await kit.leased(), await kit.leased(), await kit.opened()];
  await kit.release(closing);
  const ids = [kit.leaseOf(leased), kit.leaseOf(closing), cleanupWorkflowId(open.key), cleanupWorkflowId(closing.key)];
  expect(await saidOf(ids, 2 * HOUR_MS)).toEqual([]);
});

it('a lease of a creation that is not leased is told at once', async () => {
  const [open, absent] = [await kit.opened(), await kit.absent()];
  const said = await saidOf([kit.leaseOf(open), kit.leaseOf(absent)]);
  expect(said.toSorted()).toEqual(
    [
      `${kit.leaseOf(open)} runs, and creation ${open.key} is open`,
      `${kit.leaseOf(absent)} runs, and creation ${absent.key} is absent`,
    ].toSorted(),
  );
});

it('an owner of what the ledger does not know is told at once', async () => {
  const request = fresh('request');
  const nobodys = cleanupWorkflowId('mu-aaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaa');
  expect(await saidOf([leaseWorkflowId(request, 1), nobodys])).toEqual(
    [
      `${nobodys} runs, and the ledger does not know its creation`,
      `${leaseWorkflowId(request, 1)} runs, and the ledger does not know its creation`,
    ].toSorted(),
  );
});

it('a lease may run on for an hour after its creation was released, and no longer', async () => {
  const creation = await kit.released();
  await kit.clock.advance(HOUR_MS);
  expect(await saidOf([kit.leaseOf(creation)])).toEqual([]);
  await kit.clock.advance(1);
  expect(await saidOf([kit.leaseOf(creation)])).toEqual([
    `${kit.leaseOf(creation)} runs, and creation ${creation.key} is released`,
  ]);
});

it('a cleanup of what ended long ago is told once it has run for long: it may be for a late cluster', async () => {
  const { key } = await kit.absent();
  await kit.clock.advance(HOUR_MS + 1);
  expect(await saidOf([cleanupWorkflowId(key)], HOUR_MS)).toEqual([]);
  expect(await saidOf([cleanupWorkflowId(key)], HOUR_MS + 1)).toEqual([
    `${cleanupWorkflowId(key)} runs, and creation ${key} is absent`,
  ]);
});
