import { fresh, PLACEMENT, PROVIDER_REFUSED, type Kit } from '../kit.ts';
import type { Scenario } from './scenario.ts';

const claim = async (kit: Kit, key: string, claims: number, attempt = fresh('attempt')): Promise<string> =>
  (await kit.providerLedger.claimSend(key, attempt, claims)).outcome;

const refuse = async (kit: Kit, key: string, attempt: string): Promise<string> =>
  (await kit.ledger.refuse(key, attempt, PROVIDER_REFUSED, 'test')).outcome;

const clauseOfRefuse = (clause: string, text: string, without = '') => ({
  ...{ clause, in: 'refuse', text, without },
  breaks: 'refused',
});

export const SENDING: readonly Scenario[] = [
  {
    promise: 'a look that is older than the last claim gives no right to send',
    run: async (kit) => {
      const { key } = await kit.opened();
      await kit.sent(key, false);
      return claim(kit, key, 0);
    },
    holds: 'stale-claim',
    clauses: [
      {
        clause: 'the claim count must still be the one on which the decision to send was based',
        in: 'claim_send',
        text: 'elsif c.claims <> p_claims then',
        without: 'elsif false then',
        breaks: 'claimed',
      },
    ],
  },
  {
    promise: 'only one attempt at a time holds the right to send',
    run: async (kit) => {
      const { key } = await kit.opened();
      await claim(kit, key, 0);
      return claim(kit, key, 1);
    },
    holds: 'busy',
    clauses: [
      {
        clause: 'no other unexpired claim',
        in: 'claim_send',
        text: 'elsif c.claimed and c.send_until_ms > muster.now_ms() then',
        without: 'elsif false then',
        breaks: 'claimed',
      },
    ],
  },
  {
    promise: 'a closing key never creates again',
    run: async (kit) => {
      const creation = await kit.opened();
      await kit.close(creation);
      return claim(kit, creation.key, 0);
    },
    holds: 'closed',
    clauses: [
      {
        clause: 'a send is claimed only for an open creation',
        in: 'claim_send',
        text: "if c.state <> 'open' then",
        without: 'if false then',
        breaks: 'claimed',
      },
    ],
  },
  {
    promise: 'nothing is sent for a cancelled request',
    run: async (kit) => {
      const { key, requestId } = await kit.opened();
      await kit.ledger.recordCancel(requestId, fresh('cancel'), 'test', '');
      return claim(kit, key, 0);
    },
    holds: 'cancelled',
    clauses: [
      {
        clause: 'a send is claimed only for an uncancelled request',
        in: 'claim_send',
        text: 'elsif r.cancelled_at_ms is not null then',
        without: 'elsif false then',
        breaks: 'claimed',
      },
    ],
  },
  {
    promise: 'the late answer of an expired attempt does not free the claim of the next',
    run: async (kit) => {
      const { key } = await kit.opened();
      const late = fresh('attempt');
      await claim(kit, key, 0, late);
      await kit.clock.advance(PLACEMENT.claimMs);
      await claim(kit, key, 1);
      await kit.providerLedger.releaseSend(key, late, true, null);
      return claim(kit, key, 2);
    },
    holds: 'busy',
    clauses: [
      {
        clause: "a release frees only this attempt's claim",
        in: 'release_send',
        text: 'if c.claimed and c.attempt = p_attempt then',
        without: 'if c.claimed then',
        breaks: 'claimed',
      },
    ],
  },
  {
    promise: 'an unanswered send keeps its whole window when its claim is released early',
    run: async (kit) => {
      const creation = await kit.opened();
      await kit.sent(creation.key, false);
      await kit.close(creation);
      await kit.clock.advance(PLACEMENT.lateClusterWindowMs + 1);
      return (await kit.settle(creation.key)).outcome;
    },
    holds: 'stale-proof',
    clauses: [
      {
        clause: 'a release never changes send_until_ms',
        in: 'release_send',
        text: 'set claimed = false, answered',
        without: 'set claimed = false, send_until_ms = muster.now_ms(), answered',
        breaks: 'settled',
      },
    ],
  },
  {
    promise: 'the first cluster recorded for a key stays recorded',
    run: async (kit) => {
      const { key } = await kit.withCluster('c-1');
      await kit.providerLedger.adopt(key, { clusterId: 'c-2', createdAtMs: null });
      return (await kit.row(key)).cluster_id;
    },
    holds: 'c-1',
    clauses: [
      {
        clause: 'the cluster id is set once',
        in: 'release_send',
        text: 'if c.cluster_id is null and c.state in',
        without: 'if c.state in',
        breaks: 'c-2',
      },
    ],
  },
  {
    promise: 'a key with an earlier send is not refused',
    run: async (kit) => {
      const { key } = await kit.opened();
      await kit.sent(key, false);
      await kit.clock.advance(PLACEMENT.claimMs);
      return refuse(kit, key, await kit.sent(key, true));
    },
    holds: 'not-refusable',
    clauses: [clauseOfRefuse('that claim is the only one this key ever had', 'c.claims <> 1 or ')],
  },
  {
    promise: 'a send without an answer is not refused',
    run: async (kit) => {
      const { key } = await kit.opened();
      return refuse(kit, key, await kit.sent(key, false));
    },
    holds: 'not-refusable',
    clauses: [clauseOfRefuse('a refusal is a definite answer', 'c.answered <> 1 or ')],
  },
  {
    promise: 'an attempt without the claim does not refuse',
    run: async (kit) => {
      const { key } = await kit.opened();
      await kit.sent(key, true);
      return refuse(kit, key, fresh('attempt'));
    },
    holds: 'not-refusable',
    clauses: [clauseOfRefuse('only the attempt that sent refuses', ' or c.attempt <> p_attempt')],
  },
  {
    promise: 'a key under which a cluster was seen is not refused',
    run: async (kit) => {
      const { key } = await kit.opened();
      const attempt = await kit.sent(key, true);
      await kit.providerLedger.recordObserved(key, { clusterId: 'c-1', createdAtMs: null });
      return refuse(kit, key, attempt);
    },
    holds: 'not-refusable',
    clauses: [clauseOfRefuse('no cluster was observed', 'where s.key = p_key', 'where false')],
  },
];
