import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Creation } from '../../contracts/creation.ts';
import { MAX_LISTED_CREATIONS } from '../../contracts/limits.ts';
import { refuseUpTo } from '../setup/ledger.ts';
import { leaseTerms } from '../builders/creation.ts';
import { fresh, HOLD, openKit, PROVIDER_REFUSED, type Kit } from './kit.ts';

let kit: Kit;
let open: Creation;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
  open = await refusedLong();
});
afterAll(() => kit.drop());

/** Terms with a request of 2 KB. */
const TERMS = leaseTerms({ request: { long: 'x'.repeat(2_000) } });

/** Largest answer, bytes. A payload of Temporal may have ten times as much. */
const ANSWER_BYTES = 200_000;
const bytesOf = (answer: unknown): number => Buffer.byteLength(JSON.stringify(answer));

const REFUSED = 3_000;

/** A request with many refused creations that cost a micro-dollar each, and an open one. */
async function refusedLong(): Promise<Creation> {
  const requestId = fresh('request');
  const first = await kit.opened({ requestId, placement: { terms: TERMS } });
  const attempt = await kit.sent(first.key, true);
  await kit.ledger.refuse(first.key, attempt, { ...PROVIDER_REFUSED, message: 'n'.repeat(500) }, 'test');
  await kit.db.admin.query(`update muster.creation set cost_micros = 1 where key = $1`, [first.key]);
  await refuseUpTo(kit.db.admin, first.key, REFUSED);
  return kit.opened({ requestId, team: first.team, version: 1, placement: { terms: TERMS } });
}

it('the receipt of thousands of creations is small, and has the active one and the totals of all', async () => {
  const receipt = await kit.ledger.receipt(open.requestId);
  expect(bytesOf(receipt)).toBeLessThan(ANSWER_BYTES);
  expect(receipt.totals).toEqual({ creations: REFUSED + 1, costMicros: REFUSED });
  expect(receipt.creations).toHaveLength(MAX_LISTED_CREATIONS);
  expect(receipt.creations.map(({ number }) => number)).toEqual(
    receipt.creations.map((_, index) => REFUSED + 2 - MAX_LISTED_CREATIONS + index),
  );
  expect(receipt.creations.at(-1)).toEqual(open);
  expect(receipt.creations.at(-2)).toMatchObject({ state: 'refused', terms: { ...TERMS, request: null } });
});

it('the record of thousands of creations is small, and has the active one and the totals of all', async () => {
  const record = await kit.ledger.reports.readRecord({ requestId: open.requestId });
  expect(bytesOf(record)).toBeLessThan(ANSWER_BYTES);
  expect(record).toMatchObject({ creationCount: REFUSED + 1, costMicros: REFUSED, heldMicros: HOLD });
  expect(record?.creations.at(-1)).toEqual(open);
});

it('an old creation is read by its key, with the request in its terms', async () => {
  const { requestId } = open;
  const { rows } = await kit.db.admin.query<{ key: string }>('select muster.creation_key($1, 1) as key', [requestId]);
  expect(await kit.ledger.creation(rows[0]?.key ?? '')).toMatchObject({ requestId, number: 1, terms: TERMS });
  expect(await kit.ledger.creation('mu-none')).toBeNull();
});

it('a request without creations has an empty receipt', async () => {
  expect(await kit.ledger.receipt(fresh('request'))).toEqual({
    creations: [],
    totals: { creations: 0, costMicros: 0 },
  });
});
