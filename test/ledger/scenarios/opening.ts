import { cleanupWorkflowId } from '../../../contracts/ids.ts';
import { fresh, HOLD, PROVIDER_REFUSED } from '../kit.ts';
import type { Scenario } from './scenario.ts';

const VERSION_CLAUSE = {
  clause: 'a creation opens only under the current version',
  in: 'open_creation',
  text: 'if p_version <> r.version then',
  without: 'if false then',
};

export const OPENING: readonly Scenario[] = [
  {
    promise: 'an open creation is taken up with the placement and call it was opened with',
    run: async (kit) => {
      const input = await kit.opening();
      const first = await kit.ledger.openCreation(input);
      const second = await kit.ledger.openCreation({
        ...input,
        version: first.version,
        placement: { ...input.placement, placementIndex: 1, call: 'other' },
      });
      const { call } = await kit.row(second.creation?.key ?? '');
      return [second.outcome, second.creation?.placementIndex, call === 'other'];
    },
    holds: ['existing', 0, false],
    clauses: [
      {
        clause: 'with its own stored placement',
        in: 'open_creation',
        text: 'set epoch = epoch + 1, owner = p_owner where key = c.key',
        without: `set epoch = epoch + 1, owner = p_owner, placement_index = (p_placement->>'placementIndex')::integer,
          call = p_placement->'call' where key = c.key`,
        breaks: ['existing', 1, true],
      },
    ],
  },
  {
    promise: 'a cleanup that read the row before its request took it up again does not close it',
    run: async (kit) => {
      const input = await kit.opening();
      const { creation } = await kit.ledger.openCreation(input);
      if (creation === null) return 'not opened';
      await kit.ledger.openCreation(input);
      const caller = cleanupWorkflowId(creation.key);
      const answer = await kit.ledger.beginClosing(creation.key, caller, creation.epoch, 'Orphaned', 'test');
      return answer.outcome;
    },
    holds: 'not-owner',
    clauses: [
      {
        clause: 'taking up an open creation raises its epoch',
        in: 'open_creation',
        text: 'set epoch = epoch + 1, owner',
        without: 'set owner',
        breaks: 'closing',
      },
      {
        clause: 'cleanup closes only under the epoch that its sweep read',
        in: 'begin_closing',
        text: ' and p_epoch = c.epoch',
        without: '',
        breaks: 'closing',
      },
    ],
  },
  {
    promise: 'a late duplicate of an opening opens nothing once that creation has ended',
    run: async (kit) => {
      const input = await kit.opening();
      const { creation } = await kit.ledger.openCreation(input);
      await kit.ledger.refuse(creation?.key ?? '', await kit.sent(creation?.key ?? '', true), PROVIDER_REFUSED, 'test');
      return (await kit.ledger.openCreation(input)).outcome;
    },
    holds: 'stale-version',
    clauses: [
      { ...VERSION_CLAUSE, breaks: 'opened' },
      {
        clause: 'each opening raises the version',
        in: 'open_creation',
        text: 'set version = version + 1, outcome',
        without: 'set outcome',
        breaks: 'opened',
      },
    ],
  },
  {
    promise: 'a late duplicate of an opening that had no budget opens nothing once its request has ended',
    run: async (kit) => {
      const input = await kit.opening({ team: await kit.team(HOLD - 1) });
      const poor = await kit.ledger.openCreation(input);
      await kit.ledger.endRequest(input.requestId, 'failed');
      await kit.ledger.setBudget(input.team, 'total', HOLD, 'test');
      return [poor.outcome, (await kit.ledger.openCreation(input)).outcome];
    },
    holds: ['budget-exceeded', 'stale-version'],
    clauses: [
      { ...VERSION_CLAUSE, breaks: ['budget-exceeded', 'opened'] },
      {
        clause: 'each end of a request raises the version',
        in: 'end_request',
        text: 'ended_at_ms = muster.now_ms(), version = version + 1',
        without: 'ended_at_ms = muster.now_ms()',
        breaks: ['budget-exceeded', 'opened'],
      },
      {
        clause: 'no hold goes beyond the limit',
        in: 'hold',
        text: ' and held_micros + spent_micros + p_amount <= b.limit_micros',
        without: '',
        breaks: ['opened', 'existing'],
      },
    ],
  },
  {
    promise: 'a request never ends while a creation is active',
    run: async (kit) => {
      const { requestId } = await kit.opened();
      return (await kit.ledger.endRequest(requestId, 'failed')).outcome;
    },
    holds: 'active',
    clauses: [
      {
        clause: 'a request ends only when nothing is open, leased or closing',
        in: 'end_request',
        text: 'if found then',
        without: 'if false then',
        breaks: 'ended',
      },
    ],
  },
  {
    promise: 'an id has one body for ever, also after it failed',
    run: async (kit) => {
      const { requestId, team } = await kit.absent();
      const { version } = await kit.ledger.endRequest(requestId, 'failed');
      const other = await kit.opening({ requestId, team, version, bodyHash: 'other' });
      return (await kit.ledger.openCreation(other)).outcome;
    },
    holds: 'conflict',
    clauses: [
      {
        clause: 'another body under the id is a conflict',
        in: 'open_creation',
        text: 'elsif r.body_hash <> p_body_hash then',
        without: 'elsif false then',
        breaks: 'opened',
      },
    ],
  },
  {
    promise: 'a cancel recorded before the first opening stops it',
    run: async (kit) => {
      const input = await kit.opening();
      await kit.ledger.recordCancel(input.requestId, fresh('cancel'), 'test', '');
      return (await kit.ledger.openCreation(input)).outcome;
    },
    holds: 'cancelled',
    clauses: [
      {
        clause: 'a cancel registers the request if nothing has yet',
        in: 'record_cancel',
        text: 'insert into muster.request (id, registered_at_ms) values (p_request_id, muster.now_ms()) on conflict do nothing;',
        without: '',
        breaks: 'opened',
      },
      {
        clause: 'a cancelled request opens nothing',
        in: 'open_creation',
        text: 'if r.cancelled_at_ms is not null then',
        without: 'if false then',
        breaks: 'opened',
      },
    ],
  },
  {
    promise: 'the database itself refuses a second active creation of a request',
    run: async (kit) => {
      const { key } = await kit.opened();
      const copy = `insert into muster.creation
        select (c).* from (select jsonb_populate_record(c, jsonb_build_object('key', left(c.key, 35) || $2, 'number', 2)) as c
          from muster.creation c where key = $1) as copied`;
      return kit.db.admin.query(copy, [key, key.endsWith('a') ? 'b' : 'a']).then(
        () => 'inserted',
        (error: unknown) => (error as { constraint?: string }).constraint,
      );
    },
    holds: 'one_active_creation',
    clauses: [
      {
        clause: 'one row in open, leased or closing for each request',
        in: 'one_active_creation',
        text: 'create unique index',
        without: 'create index',
        breaks: 'inserted',
      },
    ],
  },
];
