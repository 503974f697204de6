import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { bindNamespace, ForeignLedgerError } from '../../activities/ledger/installation.ts';
import { openKit, type Kit } from './kit.ts';

let kit: Kit;
beforeEach(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterEach(() => kit.drop());

const bind = (id: string) => bindNamespace(kit.db.ledger, { name: 'default', id });

it('a ledger stays with the namespace that used it first', async () => {
  await bind('namespace-1');
  await bind('namespace-1');
  await expect(bind('namespace-2')).rejects.toThrow(ForeignLedgerError);
  const { rows } = await kit.db.admin.query('select namespace_id from muster.installation');
  expect(rows).toEqual([{ namespace_id: 'namespace-1' }]);
});

it('a new ledger that two namespaces use at once goes to one of them', async () => {
  const settled = await Promise.allSettled(['namespace-1', 'namespace-2'].map(bind));
  expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});
