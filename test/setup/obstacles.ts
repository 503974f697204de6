import type { TestLedger } from './ledger.ts';

/** Makes every ledger step wait, as a database under a long lock does. Resolves to what lets them go on. */
export async function lockLedger({ admin }: TestLedger): Promise<() => Promise<void>> {
  const client = await admin.connect();
  await client.query('begin');
  await client.query('lock table muster.request in access exclusive mode');
  return async () => {
    await client.query('rollback');
    client.release();
  };
}

/** Makes every step that changes one request wait; what only reads goes on. Resolves to what lets them go on. */
export async function lockRequest({ admin }: TestLedger, requestId: string): Promise<() => Promise<void>> {
  const client = await admin.connect();
  await client.query('begin');
  await client.query('select 1 from muster.request where id = $1 for update', [requestId]);
  return async () => {
    await client.query('rollback');
    client.release();
  };
}

/** Takes a function away, as a migration gone wrong would. Resolves to what puts it back. */
export async function breakFunction({ admin }: TestLedger, name: string): Promise<() => Promise<void>> {
  await admin.query(`alter function muster.${name} rename to ${name}_away`);
  return async () => {
    await admin.query(`alter function muster.${name}_away rename to ${name}`);
  };
}
