import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Creation } from '../../contracts/creation.ts';
import { openKit, type Kit } from './kit.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterEach(async () => {
  expect(await kit.ledger.audit()).toEqual([]);
});
afterAll(() => kit.drop());

describe('the condition of a leased cluster', () => {
  const current = async ({ requestId }: Creation) => (await kit.ledger.readRequest(requestId)).creation;

  it('is ready when the lease begins, and null before', async () => {
    const creation = await kit.withCluster('c-1');
    expect(creation).toMatchObject({ condition: null, conditionAtMs: null });
    const answer = await kit.ledger.lease(creation.key, kit.leaseOf(creation), 'c-1');
    expect(answer.creation).toMatchObject({ condition: 'ready', conditionAtMs: await kit.clock.now() });
  });

  it("keeps its time while it stays the same, and always has the provider's latest words", async () => {
    const creation = await kit.leased();
    const { key } = creation;
    await kit.clock.advance(1000);
    expect(await kit.providerLedger.recordCondition(key, 'degraded', '3 of 4 nodes')).toBe('leased');
    const sinceMs = await kit.clock.now();
    await kit.clock.advance(1000);
    await kit.providerLedger.recordCondition(key, 'degraded', '2 of 4 nodes');
    expect(await current(creation)).toMatchObject({
      condition: 'degraded',
      conditionText: '2 of 4 nodes',
      conditionAtMs: sinceMs,
    });
    await kit.providerLedger.recordCondition(key, 'ready', 'InService');
    expect(await current(creation)).toMatchObject({ condition: 'ready', conditionAtMs: sinceMs + 1000 });
  });

  it('makes a cluster that is gone cost nothing after the first look that missed it', async () => {
    const creation = await kit.leased();
    await kit.clock.advance(1000);
    await kit.providerLedger.recordCondition(creation.key, 'gone', '');
    await kit.clock.advance(5000);
    await kit.providerLedger.recordCondition(creation.key, 'gone', '');
    await kit.release(creation);
    expect((await kit.settle(creation.key)).creation?.costMicros).toBe(1000);
    expect(await kit.money(creation.team)).toEqual({ held: 0, spent: 1000 });
  });

  it.each([
    ['another look finds it', (key: string) => kit.providerLedger.recordCondition(key, 'ready', '')],
    [
      'it is found before its deletion',
      (key: string) => kit.providerLedger.recordObserved(key, { clusterId: 'c-1', createdAtMs: null }),
    ],
  ])('makes a cluster that was missed cost its whole time when %s', async (_, found) => {
    const creation = await kit.leased();
    await kit.clock.advance(1000);
    await kit.providerLedger.recordCondition(creation.key, 'gone', '');
    await kit.clock.advance(1000);
    await found(creation.key);
    await kit.clock.advance(1000);
    await kit.release(creation);
    expect((await kit.settle(creation.key)).creation?.costMicros).toBe(3000);
  });

  it('is refused when the ledger does not know it', async () => {
    const creation = await kit.leased();
    await expect(kit.providerLedger.recordCondition(creation.key, 'odd' as 'gone', '')).rejects.toThrow('condition');
    expect(await current(creation)).toMatchObject({ condition: 'ready' });
  });
});

describe('a creation that a provider’s worker reads', () => {
  it('has its lease and its end', async () => {
    const creation = await kit.leased();
    const { leasedAtMs, leaseUntilMs } = creation;
    expect(await kit.providerLedger.read(creation.key)).toMatchObject({
      ...{ leasedAtMs, leaseUntilMs, condition: 'ready', endedAtMs: null, deleteReserveMs: 600_000 },
    });
    await kit.release(creation);
    await kit.settle(creation.key);
    expect(await kit.providerLedger.read(creation.key)).toMatchObject({ endedAtMs: await kit.clock.now() });
  });
});
