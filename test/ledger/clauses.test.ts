import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { readLedgerFiles } from '../../activities/ledger/ledger-files.ts';
import { openKit, type Kit } from './kit.ts';
import { BOOKING } from './scenarios/booking.ts';
import { CLOSING } from './scenarios/closing.ts';
import { LEASE_OR_CANCEL } from './scenarios/lease-or-cancel.ts';
import { LEASES } from './scenarios/leases.ts';
import { OPENING } from './scenarios/opening.ts';
import type { Clause } from './scenarios/scenario.ts';
import { SENDING } from './scenarios/sending.ts';

const { schemaFolder, schema, functions } = readLedgerFiles();
const source = [
  ...schema.map((name) => readFileSync(path.join(schemaFolder, `${name}.sql`), 'utf8')),
  ...functions.map(({ sql }) => sql),
].join('\n');

/** The statement that makes a function or an index, in a form that replaces it. */
function statementOf(name: string): string {
  const [index] = new RegExp(`^create unique index ${name} .*;$`, 'm').exec(source) ?? [];
  if (index !== undefined) return `drop index muster.${name}; ${index}`;
  const statement = new RegExp(`^create or replace function muster\\.${name}\\([^]*?\\$\\$;$`, 'm').exec(source)?.[0];
  return statement ?? expect.fail(`no file makes ${name}`);
}

let kit: Kit;
let scratch: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
  scratch = await openKit(inject('postgresUrl'));
});
afterAll(() => Promise.all([kit.drop(), scratch.drop()]));

/** Removes a clause while a story runs. The rows that the story leaves may break the audit and a unique index, so they go. */
async function without<T>(clause: Clause, story: () => Promise<T>): Promise<T> {
  const statement = statementOf(clause.in);
  const parts = statement.split(clause.text);
  expect(parts, 'the clause is in the function once').toHaveLength(2);
  await scratch.db.admin.query(parts.join(clause.without));
  try {
    return await story();
  } finally {
    await scratch.db.admin.query(`truncate muster.observed_cluster, muster.slice, muster.creation; ${statement}`);
  }
}

const scenarios = [...OPENING, ...SENDING, ...CLOSING, ...BOOKING, ...LEASE_OR_CANCEL, ...LEASES];

for (const scenario of scenarios) {
  for (const clause of scenario.clauses) {
    it(`without "${clause.clause}" this is not so: ${scenario.promise}`, async () => {
      expect(await scenario.run(kit), 'with the clause').toEqual(scenario.holds);
      const observed = await without(clause, () => scenario.run(scratch));
      expect(observed, 'without the clause').toEqual(clause.breaks);
      expect(observed).not.toEqual(scenario.holds);
    });
  }
}

it('the audit is clean after all scenarios', async () => {
  for (const { run } of scenarios) await run(kit);
  expect(await kit.ledger.audit()).toEqual([]);
});
