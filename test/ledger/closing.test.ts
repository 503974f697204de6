import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import type { Creation } from '../../contracts/creation.ts';
import { cleanupWorkflowId, requestWorkflowId } from '../../contracts/ids.ts';
import { HOLD, openKit, PLACEMENT, PROVIDER_REFUSED, type Kit } from './kit.ts';
import { CLOSING } from './scenarios/closing.ts';
import { keepsPromises } from './scenarios/promises.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterEach(async () => {
  expect(await kit.ledger.audit()).toEqual([]);
});
afterAll(() => kit.drop());

keepsPromises(CLOSING, () => kit);

const closeAs = async (caller: string, creation: Creation, epoch = creation.epoch): Promise<string> =>
  (await kit.ledger.beginClosing(creation.key, caller, epoch, 'Orphaned', 'test')).outcome;

/** Callers of beginClosing, by what they are to the creation. */
const CALLERS = {
  request: (creation: Creation) => closeAs(requestWorkflowId(creation.requestId), creation, creation.epoch + 9),
  cleanup: (creation: Creation) => closeAs(cleanupWorkflowId(creation.key), creation),
  'cleanup with another epoch': (creation: Creation) =>
    closeAs(cleanupWorkflowId(creation.key), creation, creation.epoch + 1),
  lease: (creation: Creation) => closeAs(kit.leaseOf(creation), creation),
  'lease of another number': (creation: Creation) => closeAs(kit.leaseOf({ ...creation, number: 9 }), creation),
  'cleanup of another key': (creation: Creation) => closeAs(`${cleanupWorkflowId(creation.key)}x`, creation),
  nonexistentId: (creation: Creation) => closeAs('', creation),
};
type Caller = keyof typeof CALLERS;
const all = (outcome: string) => Object.fromEntries(Object.keys(CALLERS).map((caller) => [caller, outcome]));

async function answersTo(make: () => Promise<Creation>): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const caller of Object.keys(CALLERS) as Caller[]) answers[caller] = await CALLERS[caller](await make());
  return answers;
}

it('only its request and its cleanup close an open creation', async () => {
  const team = await kit.team();
  expect(await answersTo(() => kit.opened({ team }))).toEqual({
    ...all('not-owner'),
    request: 'closing',
    cleanup: 'closing',
  });
});

it('only its lease closes a leased creation', async () => {
  const team = await kit.team();
  expect(await answersTo(() => kit.leased('c-1', { team }))).toEqual({ ...all('leased'), lease: 'closing' });
});

it('a second caller that closes a creation is answered closing and does not become its owner', async () => {
  const creation = await kit.leased();
  await kit.release(creation);
  expect(await answersTo(() => Promise.resolve(creation))).toEqual(all('closing'));
  const row = await kit.row(creation.key);
  expect(row.owner).toBe(kit.leaseOf(creation));
});

it('a caller that closes an ended creation is answered ended', async () => {
  const creation = await kit.absent();
  expect(await answersTo(() => Promise.resolve(creation))).toEqual(all('ended'));
});

it('when a lease and a closing meet, one wins and the answer tells the other', async () => {
  const team = await kit.team();
  const wins = new Set<string>();
  for (let round = 0; round < 40; round += 1) {
    const creation = await kit.withCluster('c-1', { team });
    const lease = () => kit.ledger.lease(creation.key, kit.leaseOf(creation), 'c-1');
    const close = () => kit.close(creation);
    // Both orders: the call that is sent first wins most of the time.
    const [leased, closed] =
      round % 2 === 0 ? await Promise.all([lease(), close()]) : (await Promise.all([close(), lease()])).toReversed();
    const answers = `${leased?.outcome ?? ''} ${closed?.outcome ?? ''}`;
    expect(['leased leased', 'not-open closing']).toContain(answers);
    expect((await kit.row(creation.key)).state).toBe(answers === 'leased leased' ? 'leased' : 'closing');
    wins.add(answers);
  }
  expect(wins.size).toBe(2);
});

it('a creation whose sends were all answered is settled by a new proof without waiting for the window', async () => {
  const creation = await kit.withCluster('c-1');
  await kit.close(creation);
  await kit.clock.advance(1000);
  const { outcome, creation: ended } = await kit.settle(creation.key);
  expect([outcome, ended?.state, ended?.costMicros]).toEqual(['settled', 'absent', 1000]);
  expect(await kit.money(creation.team)).toEqual({ held: 0, spent: 1000 });
});

it('a creation whose create was never sent is settled at once and costs nothing', async () => {
  const creation = await kit.absent();
  expect(await kit.money(creation.team)).toEqual({ held: 0, spent: 0 });
  expect(await kit.booked(creation.key, 'spend')).toEqual([]);
});

it('the window of an unanswered send includes its last millisecond', async () => {
  const creation = await kit.opened();
  await kit.sent(creation.key, false);
  await kit.close(creation);
  await kit.clock.advance(PLACEMENT.claimMs + PLACEMENT.lateClusterWindowMs);
  expect((await kit.settle(creation.key)).outcome).toBe('stale-proof');
  await kit.clock.advance(1);
  expect((await kit.settle(creation.key)).outcome).toBe('settled');
});

it('the window starts at the last send when an earlier send had no answer', async () => {
  const creation = await kit.opened();
  await kit.sent(creation.key, false);
  await kit.clock.advance(PLACEMENT.claimMs + PLACEMENT.lateClusterWindowMs);
  await kit.sent(creation.key, true);
  await kit.close(creation);
  await kit.clock.advance(PLACEMENT.claimMs);
  expect((await kit.settle(creation.key)).outcome).toBe('stale-proof');
  await kit.clock.advance(PLACEMENT.lateClusterWindowMs + 1);
  expect((await kit.settle(creation.key)).outcome).toBe('settled');
});

it('a claim that is still held when its key closes delays the settlement', async () => {
  const creation = await kit.opened();
  await kit.providerLedger.claimSend(creation.key, 'a', 0);
  await kit.close(creation);
  expect((await kit.settle(creation.key)).outcome).toBe('stale-proof');
});

it('only a closing creation is settled', async () => {
  const open = await kit.opened();
  expect((await kit.settle(open.key)).outcome).toBe('not-closing');
  const leased = await kit.leased();
  expect((await kit.settle(leased.key)).outcome).toBe('not-closing');
  const refused = await kit.opened();
  await kit.ledger.refuse(refused.key, await kit.sent(refused.key, true), PROVIDER_REFUSED, 'test');
  const answer = await kit.settle(refused.key);
  expect([answer.outcome, answer.creation?.state]).toEqual(['settled', 'refused']);
  expect((await kit.money(refused.team)).held).toBe(0);
});

it('many settlements at once book the cost once', async () => {
  const creation = await kit.leased();
  await kit.clock.advance(1000);
  await kit.release(creation);
  const answers = await Promise.all(Array.from({ length: 20 }, () => kit.settle(creation.key)));
  expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['settled']));
  expect(await kit.booked(creation.key, 'spend')).toEqual([1000]);
  expect(await kit.booked(creation.key, 'release')).toEqual([HOLD]);
  expect((await kit.row(creation.key)).state).toBe('released');
});
