import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createLedger } from '../../activities/ledger/ledger.ts';
import { createMonitorLedger } from '../../activities/ledger/monitor-ledger.ts';
import { openKit, type Kit } from './kit.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterAll(() => kit.drop());

/** Functions whose answers a worker parses. */
const PARSED = [
  ...['read_request', 'receipt', 'creation_by_key', 'request_record', 'clusters', 'locations'],
  ...[
    'budget_of',
    'budgets',
    'journal_lines',
    'monitored_rows',
    'monitored_counts',
    'monitored_known',
    'monitored_creation',
  ],
];

/** Adds an unknown field to every object in every answer, as a later version may. */
const ADD_FIELDS = `
  create function muster.with_later(v jsonb) returns jsonb language sql immutable as $$
    select case jsonb_typeof(v)
      when 'object' then '{"later": 1}' || coalesce(
        (select jsonb_object_agg(key, muster.with_later(value)) from jsonb_each(v)), '{}')
      when 'array' then coalesce((select jsonb_agg(muster.with_later(value)) from jsonb_array_elements(v)), '[]')
      else v end
  $$;
  do $do$
  declare
    f record;
  begin
    for f in
      select proname as name, pg_get_function_identity_arguments(oid) as types,
        (select string_agg('$' || n, ', ') from generate_series(1, pronargs) n) as args
      from pg_proc where pronamespace = 'muster'::regnamespace and proname = any ('{${PARSED.join(',')}}')
    loop
      execute format('alter function muster.%I(%s) rename to %I', f.name, f.types, f.name || '_before');
      execute format('create function muster.%I(%s) returns jsonb language sql as $$ select muster.with_later(muster.%I(%s)) $$',
        f.name, f.types, f.name || '_before', coalesce(f.args, ''));
    end loop;
  end $do$`;

it('a worker reads the answers of a later version and leaves out fields that it does not know', async () => {
  const { key, requestId, team, region } = await kit.leased('c-1');
  await kit.ledger.recordCancel('cancelled-first', 'order-1', 'alice', 'wrong region');
  const ledger = createLedger(kit.db.admin);
  const monitorLedger = createMonitorLedger(kit.db.admin, 'sagemaker');
  const readAll = (): Promise<unknown[]> =>
    Promise.all([
      ledger.readRequest(requestId),
      ledger.receipt(requestId),
      ledger.creation(key),
      ledger.reports.readRecord({ requestId }),
      ledger.reports.readRecord({ requestId: 'cancelled-first' }),
      ledger.reports.listClusters({ team, provider: null }),
      ledger.reports.listLocations(),
      ledger.reports.readBudget({ team }),
      ledger.reports.listBudgets(),
      ledger.reports.readJournal({ team, beforeId: null, limit: 10 }),
      monitorLedger.rows(region),
      monitorLedger.counts(region),
      monitorLedger.known([key]),
      monitorLedger.creation(key),
    ]);
  const before = await readAll();
  await kit.db.admin.query(ADD_FIELDS);
  const { rows } = await kit.db.admin.query<{ answer: unknown }>('select muster.read_request($1) as answer', [
    requestId,
  ]);
  expect(rows[0]?.answer).toMatchObject({ later: 1, creation: { later: 1 } });
  expect(await readAll()).toEqual(before);
});
