import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { createMonitorLedger } from '../../activities/ledger/monitor-ledger.ts';
import type { Creation } from '../../contracts/creation.ts';
import { cleanupWorkflowId, requestWorkflowId } from '../../contracts/ids.ts';
import type { Trace } from '../../contracts/reports.ts';
import { HOLD, openKit, PLACEMENT, type Kit, type OpeningOptions } from './kit.ts';
import { loseRequest } from '../setup/lose-rows.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterEach(async () => {
  expect(await kit.ledger.audit()).toEqual([]);
});
afterAll(() => kit.drop());

const HOUR_MS = 3_600_000;

const traceOf = (creation: Creation): Trace => ({
  key: creation.key,
  clusterId: 'c-1',
  bodyHash: 'body',
  creation,
  placement: PLACEMENT,
});

/** A creation that Temporal remembers and the ledger has forgotten. */
async function lost(
  make: (options: OpeningOptions) => Promise<Creation>,
  options: OpeningOptions = {},
): Promise<Creation> {
  const creation = await make(options);
  await loseRequest(kit.db, creation);
  return creation;
}
const lostLease = (options?: OpeningOptions) => lost((each) => kit.leased('c-1', each), options);

it('a lost lease is restored as it was, with its hold, and its send window starts now', async () => {
  const creation = await lostLease();
  expect(await kit.ledger.restore(traceOf(creation), 'test')).toEqual(creation);
  expect(await kit.money(creation.team)).toEqual({ held: HOLD, spent: 0 });
  expect(await kit.observedClusters(creation.key)).toEqual(['c-1']);
  expect((await kit.ledger.readRequest(creation.requestId)).creation).toEqual(creation);
  expect(await kit.row(creation.key)).toMatchObject({
    ...{ claims: 1, answered: 0, claimed: false, send_until_ms: await kit.clock.now() },
    call: { ClusterName: creation.key },
  });
});

it('a monitor finds a restored lease, and its release books the cost since it was opened', async () => {
  const creation = await lostLease();
  await kit.clock.advance(1000);
  await kit.ledger.restore(traceOf(creation), 'test');
  const { rows } = await createMonitorLedger(kit.provider, 'sagemaker').rows(creation.region);
  expect(rows.find(({ key }) => key === creation.key)).toMatchObject({ owner: kit.leaseOf(creation), state: 'leased' });
  await kit.release(creation);
  expect((await kit.settle(creation.key)).outcome, 'a cluster may still appear').toBe('stale-proof');
  await kit.clock.advance(PLACEMENT.lateClusterWindowMs + 1);
  expect((await kit.settle(creation.key)).creation).toMatchObject({
    state: 'released',
    costMicros: 1000 + PLACEMENT.lateClusterWindowMs + 1,
  });
});

it('a lease whose time is over goes on for an hour, and holds the money for all of it', async () => {
  const creation = await lostLease();
  await kit.clock.advance(PLACEMENT.leaseMs + 1000);
  const restored = await kit.ledger.restore(traceOf(creation), 'test');
  expect(restored).toMatchObject({
    leaseUntilMs: (await kit.clock.now()) + HOUR_MS,
    holdMicros: HOLD + 1000 + HOUR_MS,
  });
});

it('a restored creation holds its money beyond the limit, and without a budget', async () => {
  const [poor, unbudgeted] = [await lostLease({ team: await kit.team(HOLD) }), await lostLease()];
  await kit.db.admin.query('delete from muster.budget where team = $1', [unbudgeted.team]);
  await kit.opened({ team: poor.team });
  await kit.ledger.restore(traceOf(poor), 'test');
  await kit.ledger.restore(traceOf(unbudgeted), 'test');
  expect((await kit.money(poor.team)).held).toBe(2 * HOLD);
  expect(await kit.ledger.reports.readBudget({ team: unbudgeted.team })).toMatchObject({
    limitMicros: 0,
    balances: [{ heldMicros: HOLD }],
  });
  const journal = await kit.ledger.reports.readJournal({ team: poor.team, beforeId: null, limit: 1 });
  expect(journal.lines).toMatchObject([{ kind: 'hold', reason: 'restored', who: 'test', amountMicros: HOLD }]);
});

it('a restored open creation belongs to its request, which may take it up', async () => {
  const creation = await lost(kit.opened);
  const restored = await kit.ledger.restore(traceOf(creation), 'test');
  expect(restored).toMatchObject({ state: 'open', clusterId: 'c-1', owner: requestWorkflowId(creation.requestId) });
  const { requestId, team } = creation;
  expect(await kit.ledger.openCreation(await kit.opening({ requestId, team }))).toMatchObject({
    outcome: 'existing',
    creation: { key: creation.key, epoch: 1 },
  });
});

it.each(['absent', 'released'] as const)(
  'a restored creation that had ended %s is closing, for a cleanup',
  async (state) => {
    const creation = await lost(async (each) => {
      const { requestId } = await (state === 'absent' ? kit.absent(each) : kit.released('c-1', each));
      return (await kit.ledger.receipt(requestId)).creations[0] ?? expect.fail('no creation');
    });
    expect(creation.state).toBe(state);
    const { key } = creation;
    expect(await kit.ledger.restore(traceOf(creation), 'test')).toMatchObject({
      state: 'closing',
      owner: cleanupWorkflowId(key),
    });
    expect((await kit.providerLedger.claimSend(key, 'attempt', 1)).outcome).toBe('closed');
    await kit.clock.advance(PLACEMENT.lateClusterWindowMs + 1);
    expect((await kit.settle(key)).creation?.state).toBe(state);
  },
);

it('a creation is not restored twice', async () => {
  const creation = await lostLease();
  await kit.ledger.restore(traceOf(creation), 'test');
  await expect(kit.ledger.restore(traceOf(creation), 'test')).rejects.toMatchObject({ type: 'InvalidRequest' });
  expect((await kit.money(creation.team)).held).toBe(HOLD);
});

it.each<[string, string, (trace: Trace) => Trace]>([
  [
    'under a key that another installation made',
    'another installation',
    (trace) => ({ ...trace, key: 'mu-aaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaa' }),
  ],
  [
    'under the key of another number',
    'another installation',
    (trace) => ({ ...trace, creation: { ...trace.creation, number: 2 } }),
  ],
  ['with another cluster', 'another cluster', (trace) => ({ ...trace, clusterId: 'c-2' })],
])('a creation is not restored %s', async (_, why, changed) => {
  const creation = await lostLease();
  const restoring = kit.ledger.restore(changed(traceOf(creation)), 'test');
  await expect(restoring).rejects.toMatchObject({
    type: 'InvalidRequest',
    message: expect.stringContaining(why) as string,
  });
  expect((await kit.ledger.receipt(creation.requestId)).creations).toEqual([]);
  expect((await kit.money(creation.team)).held).toBe(0);
});

it('a creation is not restored when its request has another body', async () => {
  const creation = await lostLease();
  const { requestId, team } = creation;
  const other = await kit.absent({ requestId, team, bodyHash: 'another' });
  expect(other.key).toBe(creation.key);
  await expect(kit.ledger.restore(traceOf(creation), 'test')).rejects.toThrow('another body');
});

it('a creation is not restored beside another active creation of its request', async () => {
  const first = await kit.absent();
  const { requestId, team } = first;
  const second = await kit.leased('c-1', { requestId, team, version: 1 });
  await loseRequest(kit.db, first);
  const again = await kit.opened({ requestId, team });
  await expect(kit.ledger.restore(traceOf(second), 'test')).rejects.toThrow('is active or came later');
  await kit.close(again);
  await kit.settle(again.key);
  expect(await kit.ledger.restore(traceOf(second), 'test')).toMatchObject({ key: second.key, number: 2 });
  // The next creation to open is the third.
  expect((await kit.ledger.readRequest(requestId)).version).toBe(2);
});
