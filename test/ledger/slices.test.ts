import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import type { Creation } from '../../contracts/creation.ts';
import { HOLD, openKit, PLACEMENT, type Kit } from './kit.ts';
import { LEASES } from './scenarios/leases.ts';
import { keepsPromises } from './scenarios/promises.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterEach(async () => {
  expect(await kit.ledger.audit()).toEqual([]);
});
afterAll(() => kit.drop());

keepsPromises(LEASES, () => kit);

const MONTH_MS = 31 * 24 * 3_600_000;
/** The lease funded for so much longer than it is. */
const extend = (creation: Creation, byMs: number) =>
  kit.ledger.extendHold(creation.key, (creation.leaseUntilMs ?? 0) + byMs, 'test');
const present = async (): Promise<string> => new Date(await kit.clock.now()).toISOString().slice(0, 7);

it('the next slice costs its time at the current price, rounded up, and is held once', async () => {
  // A third of a micro-dollar a millisecond: 1000 ms cost 333 1/3.
  const creation = await kit.leased('c-1', { placement: { hourlyMicros: 1_200_000 } });
  for (let time = 0; time < 2; time += 1) {
    expect(await extend(creation, 1000)).toMatchObject({
      outcome: 'extended',
      creation: { holdMicros: HOLD + 334, leaseUntilMs: (creation.leaseUntilMs ?? 0) + 1000 },
    });
  }
  expect(await kit.money(creation.team)).toEqual({ held: HOLD + 334, spent: 0 });
});

it('a slice is held up to the limit and not beyond', async () => {
  const team = await kit.team(HOLD + 1000);
  const creation = await kit.leased('c-1', { team });
  const poor = await extend(creation, 1001);
  expect([poor.outcome, poor.creation]).toEqual(['budget-exceeded', creation]);
  expect(await kit.money(team)).toEqual({ held: HOLD, spent: 0 });
  expect((await extend(creation, 1000)).outcome).toBe('extended');
  expect(await kit.money(team)).toEqual({ held: HOLD + 1000, spent: 0 });
  expect((await extend(creation, 1001)).outcome).toBe('budget-exceeded');
});

it('an extension does not shorten a lease that is funded for longer', async () => {
  const creation = await kit.leased();
  await extend(creation, 5000);
  expect(await extend(creation, 1000)).toMatchObject({
    outcome: 'extended',
    creation: { holdMicros: HOLD + 5000, leaseUntilMs: (creation.leaseUntilMs ?? 0) + 5000 },
  });
});

it('many callers extend a lease once, and its end releases the whole hold', async () => {
  const creation = await kit.leased();
  await Promise.all(Array.from({ length: 20 }, () => extend(creation, 1000)));
  expect((await kit.money(creation.team)).held).toBe(HOLD + 1000);
  await kit.release(creation);
  expect((await extend(creation, 2000)).outcome).toBe('not-leased');
  await kit.settle(creation.key);
  expect((await kit.money(creation.team)).held).toBe(0);
});

it('a creation that is not leased is not extended', async () => {
  const { key } = await kit.opened();
  expect((await kit.ledger.extendHold(key, 9_999_999_999_999, 'test')).outcome).toBe('not-leased');
});

it('a slice counts in the month in which it is added, and a full month does not block the next', async () => {
  const team = await kit.team(HOLD, 'month');
  const creation = await kit.leased('c-1', { team });
  const before = await present();
  expect((await extend(creation, 1000)).outcome).toBe('budget-exceeded');
  await kit.clock.advance(MONTH_MS);
  expect((await extend(creation, 1000)).outcome).toBe('extended');
  expect(await kit.money(team, before)).toEqual({ held: HOLD, spent: 0 });
  expect(await kit.money(team, await present())).toEqual({ held: 1000, spent: 0 });
});

/** A lease with a slice of 2000 in the month after its own hold, released after it cost so much. */
async function released(cost: number): Promise<{ creation: Creation; months: string[] }> {
  const creation = await kit.leased('c-1', { team: await kit.team(10 * HOLD, 'month') });
  const first = await present();
  await kit.clock.advance(MONTH_MS);
  await extend(creation, 1000);
  await extend(creation, 2000);
  await kit.release(creation);
  const goneAtMs = (creation.leasedAtMs ?? 0) + cost;
  await kit.ledger.settle(creation.key, { claims: 1, goneAtMs: Math.max(goneAtMs, creation.openedAtMs) }, 'test');
  return { creation, months: [first, await present()] };
}

it.each([
  ['less than its first slice', 1000, { spent: [1000, 0], overrun: [] }],
  ['all of its first slice and some of the next', HOLD + 1500, { spent: [HOLD, 1500], overrun: [] }],
  ['more than all slices', HOLD + 2300, { spent: [HOLD, 2300], overrun: [300] }],
])('a lease that cost %s is booked over its slices in order', async (_, cost, { spent, overrun }) => {
  const { creation, months } = await released(cost);
  const money = await Promise.all(months.map((month) => kit.money(creation.team, month)));
  expect(money).toEqual(spent.map((each) => ({ held: 0, spent: each })));
  expect(await kit.booked(creation.key, 'overrun')).toEqual(overrun);
});

it('the journal has one line for each month that a release ends, for any number of slices', async () => {
  const { creation } = await released(HOLD + 1500);
  expect(await kit.booked(creation.key, 'hold')).toEqual([HOLD, 1000, 1000]);
  expect(await kit.booked(creation.key, 'release')).toEqual([HOLD, 2000]);
  expect(await kit.booked(creation.key, 'spend')).toEqual([HOLD, 1500]);
});

it('a slice costs the price that the provider bills', async () => {
  const opened = await kit.withCluster('c-1');
  await kit.providerLedger.recordPrice(opened.key, 2 * PLACEMENT.hourlyMicros);
  const { creation } = await kit.ledger.lease(opened.key, kit.leaseOf(opened), 'c-1');
  expect(
    (await kit.ledger.extendHold(opened.key, (creation?.leaseUntilMs ?? 0) + 1000, 'test')).creation,
  ).toMatchObject({
    holdMicros: HOLD + 2000,
  });
});
