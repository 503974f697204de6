import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Creation } from '../../contracts/creation.ts';
import { leaseTerms } from '../builders/creation.ts';
import { fresh, HOLD, openKit, PLACEMENT, type Kit } from './kit.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterEach(async () => {
  expect(await kit.ledger.audit()).toEqual([]);
});
afterAll(() => kit.drop());

describe('what a look at a leased cluster confirmed', () => {
  const current = async ({ requestId }: Creation) => (await kit.ledger.readRequest(requestId)).creation;

  it('is ready from the lease on, and null before it', async () => {
    const creation = await kit.withCluster('c-1');
    expect(creation).toMatchObject({ condition: null, conditionAtMs: null });
    const answer = await kit.ledger.lease(creation.key, kit.leaseOf(creation), 'c-1');
    expect(answer.creation).toMatchObject({ condition: 'ready', conditionAtMs: await kit.clock.now() });
  });

  it('keeps its time while it is the same, and always the last words', async () => {
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

  it('lets a cluster that is gone cost nothing from the first look that missed it', async () => {
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
      'it is found when it shall be deleted',
      (key: string) => kit.providerLedger.recordObserved(key, { clusterId: 'c-1', createdAtMs: null }),
    ],
  ])('lets a cluster that was missed cost all its time when %s', async (_, found) => {
    const creation = await kit.leased();
    await kit.clock.advance(1000);
    await kit.providerLedger.recordCondition(creation.key, 'gone', '');
    await kit.clock.advance(1000);
    await found(creation.key);
    await kit.clock.advance(1000);
    await kit.release(creation);
    expect((await kit.settle(creation.key)).creation?.costMicros).toBe(3000);
  });

  it('is nothing that the ledger has no word for', async () => {
    const creation = await kit.leased();
    await expect(kit.providerLedger.recordCondition(creation.key, 'odd' as 'gone', '')).rejects.toThrow('condition');
    expect(await current(creation)).toMatchObject({ condition: 'ready' });
  });
});

describe('a creation as a provider’s worker reads it', () => {
  it('tells its lease and its end', async () => {
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

describe('provisioning again', () => {
  const TERMS = leaseTerms({ durationMs: null, onUnfunded: 'park', onBroken: 'reprovision', request: { a: 1 } });

  it('opens the next creation of the same request, with its own terms', async () => {
    const first = await kit.released('c-1', { placement: { terms: TERMS } });
    expect(first.terms).toEqual(TERMS);
    expect(await kit.ledger.reprovision(first.key)).toMatchObject({
      outcome: 'reprovisioned',
      creation: { key: first.key },
    });
    const { requestId, team } = first;
    const answer = await kit.ledger.openCreation(await kit.opening({ requestId, team, version: 1 }));
    expect([answer.outcome, answer.creation?.number, answer.creation?.terms]).toEqual(['opened', 2, PLACEMENT.terms]);
    expect(await kit.money(team)).toEqual({ held: HOLD, spent: 0 });
  });

  it('is granted again when asked again, with the creation that came of it', async () => {
    const { key, requestId, team } = await kit.released();
    for (let time = 0; time < 2; time += 1) {
      expect(await kit.ledger.reprovision(key)).toMatchObject({ outcome: 'reprovisioned', creation: { key } });
    }
    const { creation } = await kit.ledger.openCreation(await kit.opening({ requestId, team, version: 1 }));
    expect(await kit.ledger.reprovision(key)).toMatchObject({
      outcome: 'reprovisioned',
      creation: { key: creation?.key },
    });
  });

  it('is granted three times a request', async () => {
    let creation = await kit.released();
    const { requestId, team } = creation;
    for (let version = 1; version <= 3; version += 1) {
      expect((await kit.ledger.reprovision(creation.key)).outcome).toBe('reprovisioned');
      creation = await kit.released(`c-${version + 1}`, { requestId, team, version });
    }
    expect((await kit.ledger.reprovision(creation.key)).outcome).toBe('too-often');
    expect((await kit.ledger.openCreation(await kit.opening({ requestId, team, version: 4 }))).outcome).toBe(
      'existing',
    );
  });

  it('knows the hash that the request is registered by', async () => {
    const { requestId } = await kit.opened({ bodyHash: 'abc' });
    expect(await kit.ledger.bodyHash(requestId)).toBe('abc');
    expect(await kit.ledger.bodyHash(fresh('request'))).toBeNull();
  });
});
