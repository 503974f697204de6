import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { connectLedger } from '../../activities/ledger/connection.ts';
import { createLedger } from '../../activities/ledger/ledger.ts';
import { migrateLedger } from '../../activities/ledger/migrate.ts';
import { projectRoot } from '../../platform/project-root.ts';

const name = `old_${randomBytes(6).toString('hex')}`;
const url = new URL(`/${name}`, inject('postgresUrl')).toString();
let server: pg.Pool;
beforeAll(async () => {
  server = new pg.Pool({ connectionString: inject('postgresUrl'), max: 1 });
  await server.query(`create database ${name}`);
});
afterAll(async () => {
  await server.query(`drop database ${name} with (force)`);
  await server.end();
});

/** Applies the first migrations only, and gives a provider's role the rights that it had then. */
async function migrateTo(url: string, count: number): Promise<void> {
  await runner({
    databaseUrl: url,
    dir: path.join(projectRoot(), 'activities', 'ledger', 'migrations'),
    direction: 'up',
    count,
    migrationsTable: 'applied',
    migrationsSchema: 'muster_migrations',
    createMigrationsSchema: true,
    log: () => undefined,
  });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`select muster.ensure_provider_role('sagemaker')`).finally(() => client.end());
}

/** An open, a leased and an ended creation, made by the functions as they were. Their keys by request. */
async function rowsOfVersion11(admin: pg.Pool): Promise<(request: string) => string> {
  await admin.query(`select muster.set_budget('team', 'total', 1000000000, 'test')`);
  const placement = {
    ...{ placementIndex: 0, provider: 'sagemaker', region: 'r', hourlyMicros: 3600, holdMicros: 1_000_000, call: {} },
    ...{ claimMs: 60_000, lateClusterWindowMs: 0, deleteReserveMs: 0, readyTimeoutMs: 1, leaseMs: 1000 },
  };
  const keys = new Map<string, string>();
  for (const request of ['open', 'leased', 'ended']) {
    const { rows } = await admin.query<{ key: string }>(
      `select muster.open_creation($1, 'hash', 'team', 'provision/' || $1, 0, $2)->'creation'->>'key' as key`,
      [request, JSON.stringify(placement)],
    );
    keys.set(request, rows[0]?.key ?? '');
  }
  const keyOf = (request: string): string => keys.get(request) ?? expect.fail(request);
  await admin.query(`select muster.claim_send($1, 'a', 0), muster.release_send($1, 'a', true, 'c-1', null)`, [
    keyOf('leased'),
  ]);
  await admin.query(`select muster.lease($1, 'cluster/leased/1', 'c-1')`, [keyOf('leased')]);
  await admin.query(`select muster.begin_closing($1, 'provision/ended', 0, 'Cancelled', '')`, [keyOf('ended')]);
  await admin.query(`select muster.settle($1, 0, muster.now_ms(), 'test')`, [keyOf('ended')]);
  return keyOf;
}

it('creations of before leases had terms and slices go on, and end as they would have', async () => {
  await migrateTo(url, 11);
  const admin = connectLedger(url, () => undefined);
  const before = await rowsOfVersion11(admin);
  await migrateLedger(url);
  const ledger = createLedger(admin);
  expect(await ledger.audit()).toEqual([]);
  const { rows } = await admin.query(
    `select c.request, c.state, c.terms, c.condition, c.condition_at_ms = c.leased_at_ms as since_lease, c.replaceable,
       s.number, s.period, s.hold_micros from muster.creation c left join muster.slice s on s.key = c.key order by c.request`,
  );
  const without = { terms: null, condition: null, since_lease: null, replaceable: false };
  const slice = { number: 1, period: 'total', hold_micros: 1_000_000 };
  expect(rows).toEqual([
    { ...without, request: 'ended', state: 'absent', number: null, period: null, hold_micros: null },
    { ...without, ...slice, request: 'leased', state: 'leased', condition: 'ready', since_lease: true },
    { ...without, ...slice, request: 'open', state: 'open' },
  ]);
  const leased = before('leased');
  const { rows: clock } = await admin.query<{ now: number }>('select muster.now_ms() as now');
  const untilMs = (clock[0]?.now ?? 0) + 9_000_000;
  expect(await ledger.extendHold(leased, untilMs, 'test')).toMatchObject({
    outcome: 'extended',
    creation: { terms: null, leaseUntilMs: untilMs },
  });
  await ledger.beginClosing(leased, 'cluster/leased/1', 0, 'Released', '');
  await ledger.beginClosing(before('open'), 'provision/open', 0, 'Cancelled', '');
  await ledger.settle(leased, { claims: 1, goneAtMs: clock[0]?.now ?? 0 }, 'test');
  await ledger.settle(before('open'), { claims: 0, goneAtMs: clock[0]?.now ?? 0 }, 'test');
  expect((await ledger.budgetOf('team'))?.balances).toMatchObject([{ heldMicros: 0 }]);
  expect(await ledger.audit()).toEqual([]);
  const { rows: rights } = await admin.query(
    `select has_function_privilege('muster_provider_sagemaker', 'muster.monitored_rows(text, text)', 'execute') as monitors`,
  );
  expect(rights, 'a role that was there before').toEqual([{ monitors: true }]);
  await admin.end();
});
