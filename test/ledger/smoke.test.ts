import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createLedger } from '../../activities/ledger/ledger.ts';
import { createTestLedger, type TestLedger } from '../setup/ledger.ts';

let db: TestLedger;
beforeAll(async () => {
  db = await createTestLedger(inject('postgresUrl'));
});
afterAll(() => db.drop());

it('is clean when new', async () => {
  expect(await createLedger(db.ledger).audit()).toEqual([]);
});
