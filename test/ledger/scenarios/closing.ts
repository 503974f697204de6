import { cleanupWorkflowId, requestWorkflowId } from '../../../contracts/ids.ts';
import type { Scenario } from './scenario.ts';

const OWNER_CLAUSE = `elsif c.state = 'open' and p_caller <> 'provision/' || c.request_id`;

export const CLOSING: readonly Scenario[] = [
  {
    promise: 'another workflow does not close an open creation',
    run: async (kit) => {
      const { key, epoch } = await kit.opened();
      return (await kit.ledger.beginClosing(key, 'provision/other', epoch, 'Cancelled', 'test')).outcome;
    },
    holds: 'not-owner',
    clauses: [
      {
        clause: 'open to closing by the request or by cleanup',
        in: 'begin_closing',
        text: OWNER_CLAUSE,
        without: OWNER_CLAUSE.replace('elsif', 'elsif false and'),
        breaks: 'closing',
      },
    ],
  },
  {
    promise: 'a cleanup that closes a creation becomes its owner',
    run: async (kit) => {
      const { key, epoch } = await kit.opened();
      const caller = cleanupWorkflowId(key);
      const { outcome, creation } = await kit.ledger.beginClosing(key, caller, epoch, 'Orphaned', 'test');
      return [outcome, creation?.owner === caller];
    },
    holds: ['closing', true],
    clauses: [
      {
        clause: 'closing makes the caller owner in the same transaction',
        in: 'begin_closing',
        text: "set state = 'closing', owner = p_caller,",
        without: "set state = 'closing',",
        breaks: ['closing', false],
      },
    ],
  },
  {
    promise: 'the request of a lease does not close it',
    run: async (kit) => {
      const { key, requestId, epoch } = await kit.leased();
      const caller = requestWorkflowId(requestId);
      return (await kit.ledger.beginClosing(key, caller, epoch, 'Cancelled', 'test')).outcome;
    },
    holds: 'leased',
    clauses: [
      {
        clause: 'leased to closing only by the lease that owns it',
        in: 'begin_closing',
        text: "elsif c.state = 'leased' and p_caller <> c.owner then",
        without: 'elsif false then',
        breaks: 'closing',
      },
    ],
  },
  {
    promise: 'a proof from before the last send does not settle',
    run: async (kit) => {
      const creation = await kit.opened();
      const proof = { claims: 0, goneAtMs: await kit.clock.now() };
      await kit.sent(creation.key, true);
      await kit.close(creation);
      return (await kit.ledger.settle(creation.key, proof, 'test')).outcome;
    },
    holds: 'stale-proof',
    clauses: [
      {
        clause: "stale unless the proof rests on the row's count of claims",
        in: 'settle',
        text: 'elsif p_claims <> c.claims',
        without: 'elsif false',
        breaks: 'settled',
      },
    ],
  },
  {
    promise: 'a send without an answer is settled only after its window',
    run: async (kit) => {
      const creation = await kit.opened();
      await kit.sent(creation.key, false);
      await kit.close(creation);
      return (await kit.settle(creation.key)).outcome;
    },
    holds: 'stale-proof',
    clauses: [
      {
        clause: 'stale unless now is past the last send_until plus the window',
        in: 'settle',
        text: 'or (c.answered < c.claims and muster.now_ms() <= c.send_until_ms + c.late_cluster_window_ms)',
        without: '',
        breaks: 'settled',
      },
    ],
  },
  {
    promise: 'a cluster that was first seen after the proof makes it stale',
    run: async (kit) => {
      const creation = await kit.opened();
      await kit.sent(creation.key, true);
      await kit.close(creation);
      const proof = { claims: 1, goneAtMs: await kit.clock.now() };
      await kit.clock.advance(1000);
      await kit.providerLedger.recordObserved(creation.key, { clusterId: 'c-late', createdAtMs: null });
      return (await kit.ledger.settle(creation.key, proof, 'test')).outcome;
    },
    holds: 'stale-proof',
    clauses: [
      {
        clause: 'stale where a cluster was first seen after the proof',
        in: 'settle',
        text: 's.seen_at_ms > p_gone_at_ms',
        without: 'false',
        breaks: 'settled',
      },
    ],
  },
];
