import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { HOLD, openKit, PLACEMENT, type Kit } from './kit.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterEach(async () => {
  expect(await kit.ledger.audit()).toEqual([]);
});
afterAll(() => kit.drop());

it('a creation is settled by the price that the provider bills, and its hold stays as it was', async () => {
  const creation = await kit.withCluster('c-1');
  await kit.providerLedger.recordPrice(creation.key, 2 * PLACEMENT.hourlyMicros);
  expect(await kit.money(creation.team)).toEqual({ held: HOLD, spent: 0 });
  await kit.clock.advance(1000);
  await kit.close(creation);
  expect((await kit.settle(creation.key)).creation?.costMicros).toBe(2000);
});

it('cost beyond the hold by a billed price is booked as an overrun', async () => {
  const creation = await kit.withCluster('c-1', { placement: { holdMicros: 1500 } });
  await kit.providerLedger.recordPrice(creation.key, 2 * PLACEMENT.hourlyMicros);
  await kit.clock.advance(1000);
  await kit.close(creation);
  await kit.settle(creation.key);
  expect(await kit.booked(creation.key, 'overrun')).toEqual([500]);
  expect(await kit.money(creation.team)).toEqual({ held: 0, spent: 2000 });
});

it('a billed price does not change a creation that has ended', async () => {
  const creation = await kit.absent();
  await kit.providerLedger.recordPrice(creation.key, 2 * PLACEMENT.hourlyMicros);
  const {
    creations: [row],
  } = await kit.ledger.receipt(creation.requestId);
  expect(row?.hourlyMicros).toBe(PLACEMENT.hourlyMicros);
});

it('a second cluster under the key costs until it was seen gone, and the first until the proof', async () => {
  const creation = await kit.withCluster('c-1');
  await kit.providerLedger.recordObserved(creation.key, { clusterId: 'c-2', createdAtMs: await kit.clock.now() });
  await kit.clock.advance(1000);
  await kit.providerLedger.recordDuplicatesGone(creation.key);
  await kit.clock.advance(3000);
  // A second report changes nothing.
  await kit.providerLedger.recordDuplicatesGone(creation.key);
  await kit.close(creation);
  expect((await kit.settle(creation.key)).creation?.costMicros).toBe(4000 + 1000);
});
