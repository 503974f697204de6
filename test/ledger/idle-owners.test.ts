import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { cleanupWorkflowId, leaseWorkflowId } from '../../contracts/ids.ts';
import { fresh, openKit, type Kit } from './kit.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterAll(() => kit.drop());

const HOUR_MS = 3_600_000;
/** What the ledger says of workflows that have run for this long. */
const auditOf = async (ids: readonly string[], forMs = 0): Promise<string[]> => {
  const startedAtMs = (await kit.clock.now()) - forMs;
  return kit.ledger.idleOwners(ids.map((id) => ({ id, startedAtMs })));
};

it('a lease of a leased or closing creation and a cleanup of one that has not ended own something', async () => {
  const [leased, closing, open] = [await kit.leased(), await kit.leased(), await kit.opened()];
  await kit.release(closing);
  const ids = [kit.leaseOf(leased), kit.leaseOf(closing), cleanupWorkflowId(open.key), cleanupWorkflowId(closing.key)];
  expect(await auditOf(ids, 2 * HOUR_MS)).toEqual([]);
});

it('a lease of a creation that is not leased is named at once', async () => {
  const [open, absent] = [await kit.opened(), await kit.absent()];
  const sentences = await auditOf([kit.leaseOf(open), kit.leaseOf(absent)]);
  expect(sentences.toSorted()).toEqual(
    [
      `${kit.leaseOf(open)} runs, and creation ${open.key} is open`,
      `${kit.leaseOf(absent)} runs, and creation ${absent.key} is absent`,
    ].toSorted(),
  );
});

it('the owner of an unknown creation is named at once', async () => {
  const request = fresh('request');
  const unknown = cleanupWorkflowId('mu-aaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaa');
  expect(await auditOf([leaseWorkflowId(request, 1), unknown])).toEqual(
    [
      `${unknown} runs, and the ledger does not know its creation`,
      `${leaseWorkflowId(request, 1)} runs, and the ledger does not know its creation`,
    ].toSorted(),
  );
});

it('a lease may run for an hour after its creation was released, and is named then', async () => {
  const creation = await kit.released();
  await kit.clock.advance(HOUR_MS);
  expect(await auditOf([kit.leaseOf(creation)])).toEqual([]);
  await kit.clock.advance(1);
  expect(await auditOf([kit.leaseOf(creation)])).toEqual([
    `${kit.leaseOf(creation)} runs, and creation ${creation.key} is released`,
  ]);
});

it('a cleanup of a creation that ended long ago is named after an hour: it may remove a late cluster', async () => {
  const { key } = await kit.absent();
  await kit.clock.advance(HOUR_MS + 1);
  expect(await auditOf([cleanupWorkflowId(key)], HOUR_MS)).toEqual([]);
  expect(await auditOf([cleanupWorkflowId(key)], HOUR_MS + 1)).toEqual([
    `${cleanupWorkflowId(key)} runs, and creation ${key} is absent`,
  ]);
});
