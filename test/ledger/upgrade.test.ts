import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { migrateLedger } from '../../activities/ledger/migrate.ts';
import { openKit, type Kit } from './kit.ts';
import { versions } from './later-version.ts';

/*
 * Workers of the last version go on calling the ledger while the next version is applied: the rules of "Changing the ledger"
 * in docs/CONTRIBUTING.md.
 */

let kit: Kit;
const files = versions();
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterAll(async () => {
  files.remove();
  await kit.drop();
});

const CLAIM_OLD = 'create or replace function muster.claim_send(p_key text, p_attempt text, p_claims integer)';
const CLAIM_NEW =
  'create or replace function muster.claim_send(p_key text, p_attempt text, p_claims integer, p_sender text)';

/** The next version: an old signature calls the new one, which writes a new column. */
const NEXT = files.changed({
  'schema/2_sender.sql': 'alter table muster.creation add column sender text;',
  'functions/sending.sql': (sql) =>
    `${sql
      .replace(CLAIM_OLD, CLAIM_NEW)
      .replace('set claims = claims + 1,', 'set claims = claims + 1, sender = p_sender,')}
     -- Workers of the last version call it.
     ${CLAIM_OLD} returns jsonb language sql
     security definer set search_path = pg_catalog, pg_temp
     as $$ select muster.claim_send(p_key, p_attempt, p_claims, 'a worker of the last version') $$;`,
  // The same signature with another body.
  'functions/opening.sql': (sql) => sql.replace(`'hold of a creation'`, `'hold of the creation'`),
});
/** The version after it: no worker of the last version is left. */
const AFTER_NEXT = files.changed({
  'schema/2_sender.sql': 'alter table muster.creation add column sender text;',
  'schema/3_claim_send.sql': 'drop function if exists muster.claim_send(text, text, integer);',
  'functions/sending.sql': (sql) =>
    sql
      .replace(CLAIM_OLD, CLAIM_NEW)
      .replace('set claims = claims + 1,', 'set claims = claims + 1, sender = p_sender,'),
});

/** Calls most of the functions that workers call, one creation after another, until it is stopped or a call fails. */
class Worker {
  creations = 0;
  failure: unknown;
  #stopped = false;
  readonly #running: Promise<void>;

  constructor(team: string) {
    this.#running = this.#run(team).catch((error: unknown) => {
      this.failure = error;
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(team: string): Promise<void> {
    while (!this.#stopped) {
      const creation = await kit.leased('c-1', { team });
      await kit.ledger.extendHold(creation.key, (creation.leaseUntilMs ?? 0) + 1000, 'test');
      await kit.providerLedger.recordCondition(creation.key, 'degraded', 'a node is gone');
      await kit.providerLedger.read(creation.key);
      await kit.release(creation);
      await kit.settle(creation.key);
      this.creations += 1;
    }
  }
}

const reasons = async (): Promise<string[]> => {
  const { rows } = await kit.db.admin.query<{ reason: string }>(
    `select distinct reason from muster.journal where reason like 'hold of %' order by reason`,
  );
  return rows.map(({ reason }) => reason);
};

it('workers of the last version call the ledger while the next one is applied, and no call fails', async () => {
  const team = await kit.team();
  const workers = Array.from({ length: 4 }, () => new Worker(team));
  const failures = () => workers.flatMap(({ failure }) => failure ?? []);
  const done = () => workers.reduce((sum, { creations }) => sum + creations, 0);
  const progress = async (): Promise<void> => {
    const enough = done() + 2 * workers.length;
    await expect.poll(() => failures().length > 0 || done() >= enough, { timeout: 20_000 }).toBe(true);
    expect(failures()).toEqual([]);
  };
  await progress();
  expect(await reasons()).toEqual(['hold of a creation']);
  expect(await migrateLedger(kit.db.adminUrl, NEXT)).toEqual([
    '2_sender',
    'functions/opening.sql',
    'functions/sending.sql',
  ]);
  await progress();
  // Back and forth, so that many calls meet a migration that is under way.
  for (let round = 0; round < 5; round += 1) {
    await migrateLedger(kit.db.adminUrl);
    await migrateLedger(kit.db.adminUrl, NEXT);
  }
  await progress();
  for (const each of workers) await each.stop();
  expect(failures()).toEqual([]);

  expect(await reasons()).toEqual(['hold of a creation', 'hold of the creation']);
  // Workers of the next version, by the provider's own rights.
  const { key } = await kit.opened({ team });
  await kit.provider.query(`select muster.claim_send($1, 'attempt', 0, 'a worker of the next version')`, [key]);
  const { rows } = await kit.db.admin.query<{ sender: string }>(
    'select distinct sender from muster.creation where sender is not null order by sender',
  );
  expect(rows.map(({ sender }) => sender)).toEqual(['a worker of the last version', 'a worker of the next version']);

  await migrateLedger(kit.db.adminUrl, AFTER_NEXT);
  await expect(kit.providerLedger.claimSend(key, 'attempt', 1)).rejects.toThrow('does not exist');
  expect(await kit.ledger.audit()).toEqual([]);
});

it('an overload with a default makes calls of the old signature fail, so the rules forbid it', async () => {
  const { key } = await kit.opened();
  const client = await kit.db.admin.connect();
  try {
    await client.query('begin');
    await client.query(`create function muster.acts_for(p_provider text, p_for text default 'sending') returns boolean
      language sql as $$ select true $$`);
    await expect(client.query('select muster.acts_for($1)', [key])).rejects.toThrow('is not unique');
  } finally {
    await client.query('rollback');
    client.release();
  }
});
