import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { HOLD, openKit, type Kit } from './kit.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterAll(() => kit.drop());

/** What the audit says of a corrupted ledger. The corruption is rolled back. */
async function auditWith(corruption: string, args: unknown[]): Promise<string[]> {
  const client = await kit.db.admin.connect();
  try {
    await client.query('begin');
    await client.query('alter table muster.journal disable trigger append_only');
    await client.query('drop index muster.one_active_creation');
    await client.query(corruption, args);
    const { rows } = await client.query<{ faults: string[] }>('select muster.audit() as faults');
    return rows[0]?.faults ?? [];
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const journalLine = (kind: string) =>
  `insert into muster.journal (at_ms, team, period, kind, amount_micros, reason, who) values (0, $1, 'total', '${kind}', 5, '', '')`;

it('names a balance that holds another sum than its journal and its creations', async () => {
  const { team } = await kit.opened();
  const corruption = 'update muster.balance set held_micros = held_micros + 5 where team = $1';
  expect(await auditWith(corruption, [team])).toEqual([
    `balance of ${team} in total holds ${HOLD + 5}, its creations hold ${HOLD}`,
    `balance of ${team} in total holds ${HOLD + 5}, its journal says ${HOLD}`,
  ]);
});

it('names a balance that spent another sum than its journal and its clusters', async () => {
  const { team } = await kit.opened();
  expect(await auditWith('update muster.balance set spent_micros = 5 where team = $1', [team])).toEqual([
    `balance of ${team} in total spent 5, its journal says 0`,
    `team ${team} spent 5, its clusters cost 0`,
  ]);
});

it.each([
  ['hold', `holds ${HOLD}, its journal says ${HOLD + 5}`],
  ['release', `holds ${HOLD}, its journal says ${HOLD - 5}`],
  ['spend', 'spent 0, its journal says 5'],
  ['overrun', 'spent 0, its journal says 5'],
])('names a %s in the journal that moved no money', async (kind, fault) => {
  const { team } = await kit.opened();
  expect(await auditWith(journalLine(kind), [team])).toEqual([`balance of ${team} in total ${fault}`]);
});

it('names a line that is missing in the journal', async () => {
  const { team } = await kit.opened();
  expect(await auditWith(`delete from muster.journal where team = $1 and kind = 'hold'`, [team])).toEqual([
    `balance of ${team} in total holds ${HOLD}, its journal says 0`,
  ]);
});

it('names a journal without a balance', async () => {
  const team = await kit.team();
  expect(await auditWith(journalLine('hold'), [team])).toEqual([`journal of ${team} in total has no balance`]);
});

it('names a creation that holds another sum than its slices', async () => {
  const { key } = await kit.opened();
  expect(await auditWith('update muster.creation set hold_micros = 5 where key = $1', [key])).toEqual([
    `creation ${key} holds 5, its slices ${HOLD}`,
  ]);
});

it('names slices that hold another sum than their creation and their team', async () => {
  const { team, key } = await kit.opened();
  expect(await auditWith('update muster.slice set hold_micros = 5 where key = $1', [key])).toEqual([
    `balance of ${team} in total holds ${HOLD}, its creations hold 5`,
    `creation ${key} holds ${HOLD}, its slices 5`,
  ]);
});

it('names a creation without a slice', async () => {
  const { team, key } = await kit.opened();
  expect(await auditWith('delete from muster.slice where key = $1', [key])).toEqual([
    `balance of ${team} in total holds ${HOLD}, its creations hold 0`,
    `creation ${key} holds ${HOLD}, its slices 0`,
  ]);
});

it('names a slice in another period than its money', async () => {
  const { team, key } = await kit.opened({ team: await kit.team(HOLD, 'month') });
  const faults = await auditWith("update muster.slice set period = '2026-12' where key = $1", [key]);
  expect(faults).toEqual([`balance of ${team} in 2026-11 holds ${HOLD}, its creations hold 0`]);
});

it('names a booked cluster that was not paid for', async () => {
  const creation = await kit.withCluster('c-1');
  await kit.close(creation);
  await kit.clock.advance(1000);
  await kit.settle(creation.key);
  expect(
    await auditWith('update muster.observed_cluster set booked_micros = 5 where key = $1', [creation.key]),
  ).toEqual([`team ${creation.team} spent 1000, its clusters cost 5`]);
});

it('names an ended creation with a cluster that was never booked', async () => {
  const { key } = await kit.absent();
  const corruption = `insert into muster.observed_cluster (key, cluster_id, created_at_ms, seen_at_ms) values ($1, 'c-1', 0, 0)`;
  expect(await auditWith(corruption, [key])).toEqual([`creation ${key} ended absent and cluster c-1 was never booked`]);
});

it('names a request with two active creations', async () => {
  const first = await kit.absent();
  await kit.opened({ requestId: first.requestId, team: first.team, version: 1 });
  const faults = await auditWith(`update muster.creation set state = 'closing' where key = $1`, [first.key]);
  expect(faults).toContain(`request ${first.requestId} has 2 active creations`);
});

it('names a request that ended with an active creation', async () => {
  const { requestId } = await kit.opened();
  expect(await auditWith(`update muster.request set outcome = 'failed' where id = $1`, [requestId])).toEqual([
    `request ${requestId} ended failed and still has creation 1 open`,
  ]);
});

it('says nothing of a ledger that is not corrupted', async () => {
  await kit.leased();
  expect(await auditWith('select 1', [])).toEqual([]);
});
