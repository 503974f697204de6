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

it('settles by the price that the provider bills, while the hold stays as it was', async () => {
  const creation = await kit.withCluster('c-1');
  await kit.providerLedger.recordPrice(creation.key, 2 * PLACEMENT.hourlyMicros);
  expect(await kit.money(creation.team)).toEqual({ held: HOLD, spent: 0 });
  await kit.clock.advance(1000);
  await kit.close(creation);
  expect((await kit.settle(creation.key)).creation?.costMicros).toBe(2000);
});

it('books what a billed price costs beyond the hold as an overrun', async () => {
  const creation = await kit.withCluster('c-1', { placement: { holdMicros: 1500 } });
  await kit.providerLedger.recordPrice(creation.key, 2 * PLACEMENT.hourlyMicros);
  await kit.clock.advance(1000);
  await kit.close(creation);
  await kit.settle(creation.key);
  expect(await kit.booked(creation.key, 'overrun')).toEqual([500]);
  expect(await kit.money(creation.team)).toEqual({ held: 0, spent: 2000 });
});

it('changes no price of what has ended', async () => {
  const creation = await kit.absent();
  await kit.providerLedger.recordPrice(creation.key, 2 * PLACEMENT.hourlyMicros);
  const {
    creations: [row],
  } = await kit.ledger.receipt(creation.requestId);
  expect(row?.hourlyMicros).toBe(PLACEMENT.hourlyMicros);
});

it('lets a second cluster under the key cost up to when it was seen gone, and the first up to the proof', async () => {
  const creation = await kit.withCluster('c-1');
  await kit.providerLedger.recordObserved(creation.key, { clusterId: 'c-2', createdAtMs: await kit.clock.now() });
  await kit.clock.advance(1000);
  await kit.providerLedger.recordDuplicatesGone(creation.key);
  await kit.clock.advance(3000);
  // Said again, it changes nothing.
  await kit.providerLedger.recordDuplicatesGone(creation.key);
  await kit.close(creation);
  expect((await kit.settle(creation.key)).creation?.costMicros).toBe(4000 + 1000);
});
