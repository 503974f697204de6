import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { dumpSchema, SCHEMA_DUMP } from '../schema-dump/dump.ts';
import { createTestLedger, type TestLedger } from '../setup/ledger.ts';

let db: TestLedger;
beforeAll(async () => {
  db = await createTestLedger(inject('postgresUrl'));
});
afterAll(() => db.drop());

it('activities/ledger/schema.sql is the schema that a migration makes', async () => {
  expect(await dumpSchema(db.admin), 'renew it: npm run dump-schema').toBe(readFileSync(SCHEMA_DUMP, 'utf8'));
});

it.each([
  ['a column', 'alter table muster.budget add column note text'],
  ['a constraint', 'alter table muster.budget add check (length(team) < 100)'],
  ['an index', 'create index note on muster.budget (period)'],
  ['a trigger', 'drop trigger append_only on muster.journal'],
  ['a view', 'create view muster.note as select team from muster.budget'],
  ['a comment', `comment on column muster.budget.team is 'A team.'`],
  ['a right on a table', 'grant delete on muster.budget to muster_ledger'],
  [
    'a signature',
    'create function muster.now_ms(p_offset bigint) returns bigint language sql as $$ select p_offset $$',
  ],
  ['a right on a function', 'grant execute on function muster.audit to public'],
  ["a function's rights of its owner", 'alter function muster.audit security definer'],
])('the dump shows a change of %s', async (_, change) => {
  const client = await db.admin.connect();
  try {
    await client.query('begin');
    const before = await dumpSchema(client);
    await client.query(change);
    expect(await dumpSchema(client)).not.toBe(before);
  } finally {
    await client.query('rollback');
    client.release();
  }
});
