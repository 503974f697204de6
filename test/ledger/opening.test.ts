import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { createLedger } from '../../activities/ledger/ledger.ts';
import { openKit, fresh, HOLD, PLACEMENT, PROVIDER_REFUSED, type Kit } from './kit.ts';
import { OPENING } from './scenarios/opening.ts';
import { keepsPromises } from './scenarios/promises.ts';

let kit: Kit;
/** As many connections as several workers have. */
let workers: pg.Pool;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
  workers = new pg.Pool({ connectionString: kit.db.ledgerUrl, max: 25 });
  workers.on('error', () => undefined);
});
afterEach(async () => {
  expect(await kit.ledger.audit()).toEqual([]);
});
afterAll(async () => {
  await workers.end();
  await kit.drop();
});

keepsPromises(OPENING, () => kit);

it('of 200 openings at once, only as many succeed as the limit allows', async () => {
  const team = await kit.team(7 * HOLD + HOLD / 2);
  const inputs = await Promise.all(Array.from({ length: 200 }, () => kit.opening({ team })));
  const answers = await Promise.all(inputs.map((input) => createLedger(workers).openCreation(input)));
  const outcomes = answers.map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === 'opened')).toHaveLength(7);
  expect(outcomes.filter((outcome) => outcome === 'budget-exceeded')).toHaveLength(193);
  expect(await kit.money(team)).toEqual({ held: 7 * HOLD, spent: 0 });
});

it('spent money counts against the limit like held money', async () => {
  const team = await kit.team(2 * HOLD - 1);
  const creation = await kit.withCluster('c-1', { team });
  await kit.close(creation);
  await kit.clock.advance(HOLD);
  await kit.settle(creation.key);
  expect(await kit.money(team)).toEqual({ held: 0, spent: HOLD });
  expect((await kit.ledger.openCreation(await kit.opening({ team }))).outcome).toBe('budget-exceeded');
});

it('a team without a budget opens nothing', async () => {
  const answer = await kit.ledger.openCreation(await kit.opening({ team: fresh('team') }));
  expect([answer.outcome, answer.creation]).toEqual(['budget-exceeded', null]);
});

it('of many openings of one request at once, one opens a creation and the others get it', async () => {
  const input = await kit.opening();
  const answers = await Promise.all(Array.from({ length: 50 }, () => createLedger(workers).openCreation(input)));
  expect(answers.filter(({ outcome }) => outcome === 'opened')).toHaveLength(1);
  expect(answers.filter(({ outcome }) => outcome === 'existing')).toHaveLength(49);
  expect(new Set(answers.map(({ creation }) => creation?.key)).size).toBe(1);
  expect(await kit.money(input.team)).toEqual({ held: HOLD, spent: 0 });
});

it('one of two transactions that insert an active creation of one request fails', async () => {
  const requestId = fresh('request');
  await kit.db.admin.query('insert into muster.request (id, registered_at_ms) values ($1, 0)', [requestId]);
  const insert = (number: number): Promise<unknown> =>
    kit.db.admin.query(
      `insert into muster.creation (key, request_id, number, state, team, period, placement_index, provider, region, call, hourly_micros,
         hold_micros, claim_ms, late_cluster_window_ms, delete_reserve_ms, ready_timeout_ms, lease_ms, terms, owner, opened_at_ms)
       values ('mu-aaaaaa-' || muster.base32(sha256(convert_to($1 || $2::integer, 'UTF8')), 26), $1, $2::integer, 'open', $1, 'total', 0, 'p', 'r',
         '{}', 0, 0, 0, 0, 0, 0, 0, '{}', 'owner', 0)`,
      [requestId, number],
    );
  const settled = await Promise.allSettled([insert(1), insert(2)]);
  expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { constraint: 'one_active_creation' },
  });
});

it('an opening with the same body gets the open creation, and with another body a conflict', async () => {
  const input = await kit.opening();
  const { creation } = await kit.ledger.openCreation(input);
  const joined = await kit.ledger.openCreation(input);
  expect([joined.outcome, joined.creation?.key, joined.creation?.epoch]).toEqual(['existing', creation?.key, 1]);
  const other = await kit.ledger.openCreation({ ...input, bodyHash: 'other' });
  expect([other.outcome, other.creation]).toEqual(['conflict', null]);
  expect((await kit.row(creation?.key ?? '')).epoch).toBe(1);
});

it('an opening gets a creation that is leased, closing or released, with any version', async () => {
  const { requestId, team, ...creation } = await kit.leased();
  const input = await kit.opening({ requestId, team, version: 99 });
  const states: unknown[] = [];
  const open = async (): Promise<void> => {
    const answer = await kit.ledger.openCreation(input);
    states.push([answer.outcome, answer.creation?.state, answer.creation?.owner]);
  };
  await open();
  await kit.release({ requestId, team, ...creation });
  await open();
  await kit.settle(creation.key);
  await open();
  const owner = kit.leaseOf({ requestId, team, ...creation });
  expect(states).toEqual(['leased', 'closing', 'released'].map((state) => ['existing', state, owner]));
});

it('after a refusal or a proof of absence the next number opens, with its own key', async () => {
  const first = await kit.opened();
  const options = { requestId: first.requestId, team: first.team };
  await kit.ledger.refuse(first.key, await kit.sent(first.key, true), PROVIDER_REFUSED, 'test');
  const second = await kit.opened({ ...options, version: 1 });
  await kit.close(second);
  await kit.settle(second.key);
  const third = await kit.opened({ ...options, version: 2 });
  expect([first, second, third].map(({ number }) => number)).toEqual([1, 2, 3]);
  expect(new Set([first, second, third].map(({ key }) => key)).size).toBe(3);
  const { creations: all } = await kit.ledger.receipt(first.requestId);
  expect(all.map(({ state }) => state)).toEqual(['refused', 'absent', 'open']);
});

it('a creation opens after its request failed, with the version that the end answered', async () => {
  const { requestId, team } = await kit.absent();
  const { version } = await kit.ledger.endRequest(requestId, 'failed');
  expect((await kit.opened({ requestId, team, version })).number).toBe(2);
});

it('a hold counts in the month in which its creation opened', async () => {
  const team = await kit.team(HOLD, 'month');
  const before = await kit.opened({ team });
  expect((await kit.ledger.openCreation(await kit.opening({ team }))).outcome).toBe('budget-exceeded');
  await kit.clock.advance(31 * 24 * 3_600_000);
  const after = await kit.opened({ team });
  const periods = [(await kit.row(before.key)).period, (await kit.row(after.key)).period];
  expect(periods[0]).toMatch(/^\d{4}-\d{2}$/);
  expect(periods[0]).not.toBe(periods[1]);
  for (const period of periods) expect(await kit.money(team, period)).toEqual({ held: HOLD, spent: 0 });
  expect((await kit.ledger.reports.readBudget({ team })).balances.map(({ period }) => period)).toEqual(
    periods.toSorted().reverse(),
  );
});

it('a key never changes, has 36 characters, is a valid cluster name, and differs between requests', async () => {
  const creation = await kit.opened();
  const other = await kit.opened({ team: creation.team });
  const again = await kit.ledger.openCreation(
    await kit.opening({ requestId: creation.requestId, team: creation.team }),
  );
  expect(again.creation?.key).toBe(creation.key);
  expect(other.key).not.toBe(creation.key);
  expect(other.key.slice(0, 10)).toBe(creation.key.slice(0, 10));
  for (const { key } of [creation, other]) {
    expect(key).toHaveLength(36);
    // The pattern of ClusterName in the API of SageMaker HyperPod.
    expect(key).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
  }
});

it('the key replaces each placeholder in the call', async () => {
  const call = {
    name: '{{key}}',
    deep: [{ tag: 'x-{{key}}-{{key}}' }],
    '{{key}}': 1,
    other: 'ü "quoted" \\ {{ key }}',
  };
  const { key } = await kit.opened({ placement: { ...PLACEMENT, call } });
  expect((await kit.row(key)).call).toEqual({
    ...{ name: key, deep: [{ tag: `x-${key}-${key}` }], other: call.other },
    [key]: 1,
  });
});
