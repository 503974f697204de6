import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { createMonitorLedger } from '../../activities/ledger/monitor-ledger.ts';
import { fresh, openKit, type Kit } from './kit.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterEach(async () => {
  expect(await kit.ledger.audit()).toEqual([]);
});
afterAll(() => kit.drop());

const DENIED = '42501';

/** The SQLSTATE that a statement fails with; undefined where it succeeds. */
const stateOf = (statement: Promise<unknown>): Promise<string | undefined> =>
  statement.then(
    () => undefined,
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );

/** A new session as SageMaker's worker, with its own temporary schema. */
async function asProvider<T>(story: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: kit.providerUrl });
  await client.connect();
  try {
    return await story(client);
  } finally {
    await client.end();
  }
}

const foreign = () => kit.opened({ placement: { provider: 'tensorpool', region: 'nowhere' } });

/** Every function of the ledger with the roles that may execute it. */
async function executableBy(role: string): Promise<string[]> {
  const { rows } = await kit.db.admin.query<{ name: string }>(
    `select proname as name from pg_proc where pronamespace = 'muster'::regnamespace
     and has_function_privilege($1, oid, 'execute') order by proname`,
    [role],
  );
  return rows.map(({ name }) => name);
}

it("a provider's worker may execute these functions, and no other", async () => {
  expect(await executableBy('muster_provider_sagemaker')).toEqual([
    'claim_send',
    'installation_id',
    'monitored_counts',
    'monitored_creation',
    'monitored_known',
    'monitored_regions',
    'monitored_rows',
    'provider_creation',
    'record_condition',
    'record_duplicates_gone',
    'record_observed',
    'record_price',
    'release_send',
  ]);
});

it('a login without a role may execute nothing', async () => {
  expect(await executableBy('public')).toEqual([]);
});

it("the ledger's worker may make no roles", async () => {
  const may = await executableBy('muster_ledger');
  expect(may).toContain('open_creation');
  expect(may.filter((name) => name.startsWith('ensure_'))).toEqual([]);
});

it("a provider's worker may not use tables or call the ledger's own functions", async () => {
  const { requestId, key } = await kit.opened();
  const { rows } = await kit.db.admin.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname in ('muster', 'muster_migrations')`,
  );
  for (const { name } of rows) {
    for (const statement of [`select from muster.${name}`, `delete from muster.${name}`]) {
      expect(await stateOf(kit.provider.query(statement)), statement).toMatch(/^42(501|P01)$/);
    }
  }
  for (const call of [
    `end_request('${requestId}', 'failed')`,
    `read_request('${requestId}')`,
    `refuse('${key}', 'a', 'Unknown', '', 'me')`,
    `begin_closing('${key}', 'provision/${requestId}', 0, 'Cancelled', '')`,
    `settle('${key}', 0, 0, 'me')`,
    `lock_request('${requestId}')`,
    `extend_hold('${key}', 0, 'me')`,
    `reprovision('${key}', 1)`,
    `restore_creation('{}', 0, 'me')`,
    'clusters(null, null, 1)',
    `receipt('${requestId}', 1)`,
    `creation_by_key('${key}')`,
    'audit()',
  ]) {
    expect(await stateOf(kit.provider.query(`select muster.${call}`)), call).toBe(DENIED);
  }
});

it("a provider's worker reads its own provider's creations only", async () => {
  const [own, other] = [await kit.opened(), await foreign()];
  expect(await kit.providerLedger.read(own.key)).toMatchObject({ key: own.key, state: 'open', cancelled: false });
  expect(await kit.providerLedger.read(other.key)).toBeUndefined();
});

it("a provider's worker may not read or change another provider's creations as a monitor does", async () => {
  const { key } = await foreign();
  const before = await kit.row(key);
  const [own, theirs] = [
    createMonitorLedger(kit.provider, 'sagemaker'),
    createMonitorLedger(kit.provider, 'tensorpool'),
  ];
  expect(await stateOf(theirs.rows('nowhere'))).toBe(DENIED);
  expect(await stateOf(theirs.known([key]))).toBe(DENIED);
  expect(await stateOf(theirs.creation(key))).toBe(DENIED);
  expect(await stateOf(theirs.regions())).toBe(DENIED);
  expect([(await own.rows('nowhere')).rows, await own.known([key]), await own.creation(key)]).toEqual([[], [], null]);
  expect(await own.regions()).not.toContain('nowhere');
  expect(await stateOf(kit.providerLedger.recordCondition(key, 'gone', ''))).toBe(DENIED);
  expect(await kit.row(key)).toEqual(before);
});

it("the ledger's worker reads every provider's creations as their monitors do", async () => {
  const { key } = await foreign();
  expect(await createMonitorLedger(kit.db.ledger, 'tensorpool').known([key])).toMatchObject([{ key, state: 'open' }]);
});

it("a provider's worker may not claim, release or report for another provider", async () => {
  const { key } = await foreign();
  const before = await kit.row(key);
  expect(await stateOf(kit.providerLedger.claimSend(key, fresh('attempt'), 0))).toBe(DENIED);
  expect(await stateOf(kit.providerLedger.adopt(key, { clusterId: 'c-1', createdAtMs: null }))).toBe(DENIED);
  expect(await stateOf(kit.providerLedger.recordObserved(key, { clusterId: 'c-1', createdAtMs: null }))).toBe(DENIED);
  expect(await kit.row(key)).toEqual(before);
  expect(await kit.observedClusters(key)).toEqual([]);
});

it('a copy of the catalogue in a temporary schema gives no rights over other providers', async () => {
  const { key } = await foreign();
  await asProvider(async (client) => {
    await client.query(`create temp table pg_roles as
      select 'muster_ledger'::name as rolname, oid from pg_catalog.pg_roles where rolname = session_user`);
    const { rows } = await client.query('select muster.provider_creation($1) as row', [key]);
    expect(rows, 'reads').toEqual([{ row: null }]);
    expect(await stateOf(client.query('select muster.claim_send($1, $2, 0)', [key, fresh('attempt')]))).toBe(DENIED);
  });
});

it("the ledger's worker adds lines to the journal, and may not change or delete one", async () => {
  const { key } = await kit.opened();
  expect(await kit.booked(key, 'hold')).toHaveLength(1);
  for (const statement of [
    'update muster.journal set amount_micros = 0',
    'delete from muster.journal',
    'truncate muster.journal',
    'alter table muster.journal disable trigger all',
    'drop trigger append_only on muster.journal',
    'delete from muster.creation',
  ]) {
    expect(await stateOf(kit.db.ledger.query(statement)), statement).toBe(DENIED);
  }
});

it('the journal is append only for its owner too', async () => {
  await kit.opened();
  for (const statement of ['update muster.journal set amount_micros = 0', 'delete from muster.journal']) {
    await expect(kit.db.admin.query(statement)).rejects.toThrow('append only');
  }
});

it("the ledger's worker may send for every provider", async () => {
  const { key } = await foreign();
  const { rows } = await kit.db.ledger.query<{ outcome: string }>(
    `select muster.claim_send($1, 'attempt', 0)->>'outcome' as outcome`,
    [key],
  );
  expect(rows[0]?.outcome).toBe('claimed');
});
