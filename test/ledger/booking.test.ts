import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { HOLD, openKit, PLACEMENT, PROVIDER_REFUSED, type Kit } from './kit.ts';
import { BOOKING } from './scenarios/booking.ts';
import { keepsPromises } from './scenarios/promises.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterEach(async () => {
  expect(await kit.ledger.audit()).toEqual([]);
});
afterAll(() => kit.drop());

keepsPromises(BOOKING, () => kit);

const RESERVE = PLACEMENT.deleteReserveMs;
const see = (key: string, clusterId: string, createdAtMs: number | null = null): Promise<void> =>
  kit.providerLedger.recordObserved(key, { clusterId, createdAtMs });

it('the cost runs from the creation time that the provider gives, rounded up to a micro-dollar', async () => {
  const creation = await kit.opened({ placement: { hourlyMicros: 1 } });
  await kit.sent(creation.key, true);
  await see(creation.key, 'c-1', (await kit.clock.now()) - 3_600_000);
  await kit.close(creation);
  await kit.clock.advance(1);
  expect((await kit.settle(creation.key)).creation?.costMicros).toBe(2);
});

it('a creation time after the proof, from a clock that is ahead, costs nothing and not less', async () => {
  const creation = await kit.opened();
  await kit.sent(creation.key, true);
  await see(creation.key, 'c-1', (await kit.clock.now()) + 60_000);
  await kit.close(creation);
  expect((await kit.settle(creation.key)).creation?.costMicros).toBe(0);
});

it('the first creation time that was recorded for a cluster counts', async () => {
  const creation = await kit.withCluster('c-1');
  await see(creation.key, 'c-1', (await kit.clock.now()) - 1_000_000);
  await kit.close(creation);
  await kit.clock.advance(1000);
  expect((await kit.settle(creation.key)).creation?.costMicros).toBe(1000);
});

it("the cost of a lease runs from its cluster's creation to the proof, and the rest of the hold is released", async () => {
  const creation = await kit.leased();
  await kit.clock.advance(3000);
  await kit.release(creation);
  await kit.clock.advance(2000);
  const { creation: ended } = await kit.settle(creation.key);
  expect([ended?.state, ended?.costMicros]).toEqual(['released', 5000]);
  expect(await kit.money(creation.team)).toEqual({ held: 0, spent: 5000 });
  expect(await kit.booked(creation.key, 'release')).toEqual([HOLD]);
  expect(await kit.booked(creation.key, 'overrun')).toEqual([]);
});

it.each(['refused', 'absent', 'released'] as const)('a cluster under a %s key is an overrun', async (state) => {
  const creation = await {
    refused: async () => {
      const made = await kit.opened();
      await kit.ledger.refuse(made.key, await kit.sent(made.key, true), PROVIDER_REFUSED, 'test');
      return made;
    },
    absent: () => kit.absent(),
    released: async () => {
      const made = await kit.leased();
      await kit.release(made);
      await kit.settle(made.key);
      return made;
    },
  }[state]();
  await see(creation.key, 'c-late', (await kit.clock.now()) - 1000);
  expect((await kit.row(creation.key)).state).toBe(state);
  expect(await kit.booked(creation.key, 'overrun')).toEqual([1000 + RESERVE]);
  expect(await kit.money(creation.team)).toEqual({ held: 0, spent: 1000 + RESERVE });
  await kit.settle(creation.key);
  expect(await kit.money(creation.team)).toEqual({ held: 0, spent: 1000 + RESERVE });
});

it('a late answer for an ended key is booked as an overrun, once', async () => {
  const creation = await kit.opened();
  await kit.providerLedger.claimSend(creation.key, 'frozen', 0);
  await kit.close(creation);
  await kit.clock.advance(PLACEMENT.claimMs + PLACEMENT.lateClusterWindowMs + 1);
  await kit.settle(creation.key);
  const cluster = { clusterId: 'c-late', createdAtMs: null };
  await kit.providerLedger.releaseSend(creation.key, 'frozen', true, cluster);
  await kit.providerLedger.recordObserved(creation.key, cluster);
  expect(await kit.booked(creation.key, 'overrun')).toEqual([RESERVE]);
  expect((await kit.row(creation.key)).cluster_id).toBeNull();
});

it('clusters that were settled are not booked again when they are seen again', async () => {
  const creation = await kit.withCluster('c-1');
  await see(creation.key, 'c-2');
  await kit.close(creation);
  await kit.clock.advance(1000);
  await kit.settle(creation.key);
  for (const id of ['c-1', 'c-2']) await see(creation.key, id);
  expect(await kit.money(creation.team)).toEqual({ held: 0, spent: 2000 });
  expect(await kit.booked(creation.key, 'overrun')).toEqual([]);
});

it('the leased cluster itself is never an overrun', async () => {
  const creation = await kit.leased('c-1');
  await see(creation.key, 'c-1');
  expect(await kit.booked(creation.key, 'overrun')).toEqual([]);
});

it('many reports of one late cluster at once are booked once', async () => {
  const creation = await kit.leased('c-1');
  await Promise.all(Array.from({ length: 20 }, () => see(creation.key, 'c-2')));
  expect(await kit.booked(creation.key, 'overrun')).toEqual([RESERVE]);
});

it('a cluster that appears after the proof is paid for in full', async () => {
  const creation = await kit.opened();
  await kit.sent(creation.key, true);
  await kit.close(creation);
  const proof = { claims: 1, goneAtMs: await kit.clock.now() };
  await kit.clock.advance(1);
  await see(creation.key, 'c-late');
  expect((await kit.ledger.settle(creation.key, proof, 'test')).outcome).toBe('stale-proof');
  await kit.clock.advance(5000);
  expect((await kit.settle(creation.key)).creation?.costMicros).toBe(5000);
});

it('overruns are booked in the month in which the creation opened', async () => {
  const creation = await kit.absent({ team: await kit.team(HOLD, 'month') });
  const { period } = await kit.row(creation.key);
  await kit.clock.advance(31 * 24 * 3_600_000);
  await see(creation.key, 'c-late');
  expect(await kit.money(creation.team, period)).toEqual({ held: 0, spent: RESERVE });
  expect(await kit.money(creation.team)).toEqual({ held: 0, spent: RESERVE });
});
