import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
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

const TERMS = leaseTerms({ durationMs: null, onUnfunded: 'park', onBroken: 'reprovision', request: { a: 1 } });

it('a released creation that is provisioned again opens the next creation of its request, with new terms', async () => {
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

it('a second order to provision again is answered the same, with the creation that followed', async () => {
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

it('a request is provisioned again three times at most', async () => {
  let creation = await kit.released();
  const { requestId, team } = creation;
  for (let version = 1; version <= 3; version += 1) {
    expect((await kit.ledger.reprovision(creation.key)).outcome).toBe('reprovisioned');
    creation = await kit.released(`c-${version + 1}`, { requestId, team, version });
  }
  expect((await kit.ledger.reprovision(creation.key)).outcome).toBe('too-often');
  expect((await kit.ledger.openCreation(await kit.opening({ requestId, team, version: 4 }))).outcome).toBe('existing');
});

it('the hash of a request is read by its id', async () => {
  const { requestId } = await kit.opened({ bodyHash: 'abc' });
  expect(await kit.ledger.bodyHash(requestId)).toBe('abc');
  expect(await kit.ledger.bodyHash(fresh('request'))).toBeNull();
});
