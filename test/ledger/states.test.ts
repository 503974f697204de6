import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  CREATION_STATES,
  CREATION_TRANSITIONS,
  FIRST_CREATION_STATES,
  type Creation,
} from '../../contracts/creation.ts';
import { cleanupWorkflowId, requestWorkflowId } from '../../contracts/ids.ts';
import type { Trace } from '../../contracts/reports.ts';
import { loseRequest } from '../setup/lose-rows.ts';
import { openKit, PLACEMENT, PROVIDER_REFUSED, type Kit } from './kit.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterAll(() => kit.drop());

/** Creations in every state, by the ways that lead there. */
const CREATIONS: Readonly<Record<string, () => Promise<Creation>>> = {
  open: () => kit.opened(),
  'open, with a cluster': () => kit.withCluster('c-1'),
  'open, after a definite answer without a cluster': async () => {
    const creation = await kit.opened();
    await kit.sent(creation.key, true);
    return creation;
  },
  leased: () => kit.leased(),
  closing: async () => {
    const creation = await kit.opened();
    await kit.close(creation);
    return creation;
  },
  'closing, after a lease': async () => {
    const creation = await kit.leased();
    await kit.release(creation);
    return creation;
  },
  refused: async () => {
    const creation = await kit.opened();
    const attempt = await kit.sent(creation.key, true);
    await kit.ledger.refuse(creation.key, attempt, PROVIDER_REFUSED, 'test');
    return creation;
  },
  absent: () => kit.absent(),
  released: () => kit.released(),
};

const beginClosing = (caller: (creation: Creation) => string) => (creation: Creation) =>
  kit.ledger.beginClosing(creation.key, caller(creation), creation.epoch, 'ClusterFailed', 'test');

const restore = (state: 'open' | 'leased' | 'closing') => async (creation: Creation) => {
  const nowMs = await kit.clock.now();
  const remembered = { ...creation, state, leasedAtMs: state === 'open' ? null : nowMs, leaseUntilMs: nowMs };
  const trace: Trace = {
    key: creation.key,
    clusterId: 'c-1',
    bodyHash: 'body',
    creation: remembered,
    placement: PLACEMENT,
  };
  // A restore is refused by a failure.
  return kit.ledger.restore(trace, 'test').catch(() => undefined);
};

/** Every call that writes to a creation, with its SQL function. */
const CALLS: readonly (readonly [name: string, call: (creation: Creation) => Promise<unknown>])[] = [
  [
    'open_creation',
    async ({ requestId, team }) => {
      const { version } = await kit.ledger.readRequest(requestId);
      return kit.ledger.openCreation(await kit.opening({ requestId, team, version }));
    },
  ],
  ['claim_send', async ({ key }) => kit.providerLedger.claimSend(key, 'another', (await kit.row(key)).claims)],
  ['release_send', async ({ key }) => kit.providerLedger.releaseSend(key, 'another', true, null)],
  ['refuse', async ({ key }) => kit.ledger.refuse(key, (await kit.row(key)).attempt ?? '', PROVIDER_REFUSED, 'test')],
  ['lease', (creation) => kit.ledger.lease(creation.key, kit.leaseOf(creation), 'c-1')],
  ['extend_hold', ({ key }) => kit.ledger.extendHold(key, 9_999_999_999_999, 'test')],
  ['begin_closing', beginClosing(({ requestId }) => requestWorkflowId(requestId))],
  ['begin_closing', beginClosing((creation) => kit.leaseOf(creation))],
  ['begin_closing', beginClosing(({ key }) => cleanupWorkflowId(key))],
  ['settle', ({ key }) => kit.settle(key)],
  ['record_cancel', ({ requestId }) => kit.ledger.recordCancel(requestId, 'order', 'test', '')],
  ['end_request', ({ requestId }) => kit.ledger.endRequest(requestId, 'failed')],
  ['reprovision', ({ key }) => kit.ledger.reprovision(key)],
  ['restore_creation', restore('open')],
  ['restore_lease', restore('leased')],
  ['restore_lease', restore('closing')],
];

describe('the states of a creation', () => {
  it('follow each other only as the table of transitions says, and in each way that it names', async () => {
    const found = new Set<string>();
    for (const make of Object.values(CREATIONS)) {
      for (const [, call] of CALLS) {
        const creation = await make();
        const { state: before } = await kit.row(creation.key);
        await call(creation);
        const { state: after } = await kit.row(creation.key);
        if (after !== before) found.add(`${before} -> ${after}`);
      }
    }
    const named = CREATION_STATES.flatMap((from) => CREATION_TRANSITIONS[from].map((to) => `${from} -> ${to}`));
    expect([...found].sort()).toEqual(named.sort());
  });

  it('begin with an opening, or with a restore of a lost row', async () => {
    const found = new Set((await kit.opened()).state === 'open' ? ['open'] : []);
    for (const make of [() => kit.withCluster('c-1'), () => kit.leased(), CREATIONS['closing, after a lease']]) {
      const creation = (await make?.()) ?? expect.fail();
      const { state } = await kit.row(creation.key);
      await loseRequest(kit.db, creation);
      await restore(state as 'open' | 'leased' | 'closing')(creation);
      found.add((await kit.row(creation.key)).state);
    }
    expect([...found].sort()).toEqual([...FIRST_CREATION_STATES].sort());
  });

  it('are changed by no function that these tests do not call', async () => {
    const { rows } = await kit.db.admin.query<{ name: string }>(
      `select distinct proname as name from pg_proc where pronamespace = 'muster'::regnamespace
        and prosrc ~ 'set\\s+state\\s*=|insert into muster.creation\\M' order by proname`,
    );
    const called = new Set(CALLS.map(([name]) => name));
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.map(({ name }) => name).filter((name) => !called.has(name))).toEqual([]);
  });
});
