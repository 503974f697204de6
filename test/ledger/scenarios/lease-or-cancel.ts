import { fresh } from '../kit.ts';
import type { Scenario } from './scenario.ts';

export const LEASE_OR_CANCEL: readonly Scenario[] = [
  {
    promise: 'a cancelled request is not leased',
    run: async (kit) => {
      const creation = await kit.withCluster('c-1');
      await kit.ledger.recordCancel(creation.requestId, fresh('cancel'), 'test', '');
      return (await kit.ledger.lease(creation.key, kit.leaseOf(creation), 'c-1')).outcome;
    },
    holds: 'cancelled',
    clauses: [
      {
        clause: 'leased only if the request is not cancelled',
        in: 'lease',
        text: 'elsif r.cancelled_at_ms is not null then',
        without: 'elsif false then',
        breaks: 'leased',
      },
    ],
  },
  {
    promise: 'another cluster than the recorded one is not leased',
    run: async (kit) => {
      const creation = await kit.withCluster('c-1');
      return (await kit.ledger.lease(creation.key, kit.leaseOf(creation), 'c-2')).outcome;
    },
    holds: 'other-cluster',
    clauses: [
      {
        clause: 'leased only under the recorded cluster id',
        in: 'lease',
        text: 'elsif c.cluster_id is distinct from p_cluster_id then',
        without: 'elsif false then',
        breaks: 'leased',
      },
    ],
  },
  {
    promise: 'a closing creation is not leased',
    run: async (kit) => {
      const creation = await kit.withCluster('c-1');
      await kit.close(creation);
      return (await kit.ledger.lease(creation.key, kit.leaseOf(creation), 'c-1')).outcome;
    },
    holds: 'not-open',
    clauses: [
      {
        clause: 'a closing key is never adopted',
        in: 'lease',
        text: "elsif c.state <> 'open' then",
        without: 'elsif false then',
        breaks: 'leased',
      },
    ],
  },
  {
    promise: 'a cancel after the lease is answered use-release, and is not recorded',
    run: async (kit) => {
      const { requestId } = await kit.leased();
      const { outcome, cancelled } = await kit.ledger.recordCancel(requestId, fresh('cancel'), 'test', '');
      return [outcome, cancelled];
    },
    holds: ['use-release', false],
    clauses: [
      {
        clause: 'for a leased creation the answer is "use release", and nothing is recorded',
        in: 'record_cancel',
        text: 'if c.leased_at_ms is not null then',
        without: 'if false then',
        breaks: ['recorded', true],
      },
    ],
  },
  {
    promise: 'a cancel that was lifted is never recorded again',
    run: async (kit) => {
      const { requestId } = await kit.opened();
      const cancel = fresh('cancel');
      await kit.ledger.recordCancel(requestId, cancel, 'test', '');
      await kit.ledger.liftCancel(requestId);
      const { outcome, cancelled } = await kit.ledger.recordCancel(requestId, cancel, 'test', '');
      return [outcome, cancelled];
    },
    holds: ['lifted', false],
    clauses: [
      {
        clause: 'a cancel id once lifted is never recorded again',
        in: 'record_cancel',
        text: 'elsif p_cancel_id = any (r.lifted_cancel_ids) then',
        without: 'elsif false then',
        breaks: ['recorded', true],
      },
    ],
  },
  {
    promise: 'cancels that came while one was in force are lifted with it',
    run: async (kit) => {
      const { requestId } = await kit.opened();
      const [order, native] = [fresh('order'), fresh('native')];
      await kit.ledger.recordCancel(requestId, order, 'test', '');
      await kit.ledger.recordCancel(requestId, native, 'temporal', '');
      await kit.ledger.liftCancel(requestId);
      const { outcome, cancelled } = await kit.ledger.recordCancel(requestId, native, 'temporal', '');
      return [outcome, cancelled];
    },
    holds: ['lifted', false],
    clauses: [
      {
        clause: 'every order of the cancel in force is remembered',
        in: 'record_cancel',
        text: 'elsif p_cancel_id <> all (r.cancel_ids) then',
        without: 'elsif false then',
        breaks: ['recorded', true],
      },
    ],
  },
];
