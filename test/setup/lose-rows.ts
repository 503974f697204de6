import type { Creation } from '../../contracts/creation.ts';
import type { TestLedger } from './ledger.ts';

/** Deletes all requests and money from a ledger. Its installation id, its limits and its namespace remain. */
export async function emptyLedger({ admin }: TestLedger): Promise<void> {
  await admin.query(`
    begin;
    alter table muster.journal disable trigger append_only;
    delete from muster.observed_cluster;
    delete from muster.slice;
    delete from muster.creation;
    delete from muster.request;
    delete from muster.journal where kind <> 'limit';
    delete from muster.balance;
    alter table muster.journal enable trigger append_only;
    commit`);
}

/** Makes a ledger what a backup from before a request is: without the request, and without what its team held and spent. */
export async function loseRequest({ admin }: TestLedger, { requestId, team }: Creation): Promise<void> {
  await admin.query(`
    begin;
    alter table muster.journal disable trigger append_only;
    delete from muster.observed_cluster where key in (select key from muster.creation where request_id = '${requestId}');
    delete from muster.slice where key in (select key from muster.creation where request_id = '${requestId}');
    delete from muster.creation where request_id = '${requestId}';
    delete from muster.request where id = '${requestId}';
    delete from muster.journal where team = '${team}' and kind <> 'limit';
    delete from muster.balance where team = '${team}';
    alter table muster.journal enable trigger append_only;
    commit`);
}
