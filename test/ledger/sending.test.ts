import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { fresh, HOLD, openKit, PLACEMENT, PROVIDER_REFUSED, type Kit } from './kit.ts';
import { keepsPromises } from './scenarios/promises.ts';
import { SENDING } from './scenarios/sending.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterEach(async () => {
  expect(await kit.ledger.audit()).toEqual([]);
});
afterAll(() => kit.drop());

keepsPromises(SENDING, () => kit);

const outcomeOf = async (answer: Promise<{ outcome: string }>): Promise<string> => (await answer).outcome;

it('a claim lasts as long as the policy said when the creation opened', async () => {
  const { key } = await kit.opened();
  expect(await outcomeOf(kit.providerLedger.claimSend(key, 'a', 0))).toBe('claimed');
  expect(await kit.row(key)).toMatchObject({
    ...{ claims: 1, answered: 0, claimed: true, attempt: 'a' },
    send_until_ms: (await kit.clock.now()) + PLACEMENT.claimMs,
  });
});

it('an attempt that lost the answer to its claim asks again and gets the same claim', async () => {
  const { key } = await kit.opened();
  await kit.providerLedger.claimSend(key, 'a', 0);
  const first = await kit.row(key);
  await kit.clock.advance(1000);
  expect(await outcomeOf(kit.providerLedger.claimSend(key, 'a', 0))).toBe('claimed');
  expect(await kit.row(key)).toEqual(first);
});

it('an attempt whose claim has expired must look again, too', async () => {
  const { key } = await kit.opened();
  await kit.providerLedger.claimSend(key, 'a', 0);
  await kit.clock.advance(PLACEMENT.claimMs);
  expect(await outcomeOf(kit.providerLedger.claimSend(key, 'a', 0))).toBe('stale-claim');
});

it('a claim lasts to its last millisecond, and then another attempt may claim', async () => {
  const { key } = await kit.opened();
  await kit.providerLedger.claimSend(key, 'a', 0);
  await kit.clock.advance(PLACEMENT.claimMs - 1);
  expect(await outcomeOf(kit.providerLedger.claimSend(key, 'b', 1))).toBe('busy');
  await kit.clock.advance(1);
  expect(await outcomeOf(kit.providerLedger.claimSend(key, 'b', 1))).toBe('claimed');
  expect(await kit.row(key)).toMatchObject({ claims: 2, answered: 0, attempt: 'b' });
});

it('one of many attempts that looked at the same time may send', async () => {
  const { key } = await kit.opened();
  const claims = Array.from({ length: 20 }, (_, index) => kit.providerLedger.claimSend(key, `attempt-${index}`, 0));
  const outcomes = (await Promise.all(claims)).map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === 'claimed')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'busy')).toHaveLength(19);
});

it('when a claim and a cancel meet, the later one learns of the earlier', async () => {
  for (let round = 0; round < 20; round += 1) {
    const { key, requestId } = await kit.opened();
    const [claim, cancel] = await Promise.all([
      kit.providerLedger.claimSend(key, 'a', 0),
      kit.ledger.recordCancel(requestId, fresh('cancel'), 'test', ''),
    ]);
    expect(cancel.outcome).toBe('recorded');
    expect((await kit.row(key)).claims).toBe(claim.outcome === 'claimed' ? 1 : 0);
  }
});

it.each(['refused', 'leased', 'closing', 'absent', 'released'] as const)(
  'a %s key gives no right to send',
  async (state) => {
    const creation = await {
      refused: async () => {
        const made = await kit.opened();
        await kit.ledger.refuse(made.key, await kit.sent(made.key, true), PROVIDER_REFUSED, 'test');
        return made;
      },
      leased: () => kit.leased(),
      closing: async () => {
        const made = await kit.opened();
        await kit.close(made);
        return made;
      },
      absent: () => kit.absent(),
      released: async () => {
        const made = await kit.leased();
        await kit.release(made);
        await kit.settle(made.key);
        return made;
      },
    }[state]();
    const row = await kit.row(creation.key);
    expect(row.state).toBe(state);
    expect(await outcomeOf(kit.providerLedger.claimSend(creation.key, 'a', row.claims))).toBe('closed');
    expect(await kit.row(creation.key)).toEqual(row);
  },
);

it('a release frees the claim, counts the answer, records the cluster, and keeps send_until_ms', async () => {
  const { key } = await kit.opened();
  await kit.providerLedger.claimSend(key, 'a', 0);
  const { send_until_ms } = await kit.row(key);
  await kit.clock.advance(1000);
  for (let time = 0; time < 2; time += 1) {
    await kit.providerLedger.releaseSend(key, 'a', true, { clusterId: 'c-1', createdAtMs: null });
    expect(await kit.row(key)).toMatchObject({
      ...{ claimed: false, claims: 1, answered: 1, cluster_id: 'c-1', send_until_ms },
    });
  }
  expect(await kit.observedClusters(key)).toEqual(['c-1']);
});

it('the late answer of an earlier attempt only adds the cluster that it names', async () => {
  const { key } = await kit.opened();
  await kit.providerLedger.claimSend(key, 'late', 0);
  await kit.clock.advance(PLACEMENT.claimMs);
  await kit.providerLedger.claimSend(key, 'b', 1);
  await kit.providerLedger.adopt(key, { clusterId: 'c-b', createdAtMs: null });
  const before = await kit.row(key);
  await kit.providerLedger.releaseSend(key, 'late', true, { clusterId: 'c-late', createdAtMs: null });
  expect(await kit.row(key)).toEqual(before);
  expect(await kit.observedClusters(key)).toEqual(['c-b', 'c-late']);
});

it('adopting a cluster does not free the claim of the attempt that is sending', async () => {
  const { key } = await kit.opened();
  await kit.providerLedger.claimSend(key, 'a', 0);
  const before = await kit.row(key);
  await kit.providerLedger.adopt(key, { clusterId: 'c-1', createdAtMs: null });
  expect(await kit.row(key)).toEqual({ ...before, cluster_id: 'c-1' });
});

it('a cluster that is answered after the closing is recorded and paid for', async () => {
  const creation = await kit.opened();
  await kit.providerLedger.claimSend(creation.key, 'a', 0);
  await kit.close(creation);
  await kit.providerLedger.releaseSend(creation.key, 'a', true, { clusterId: 'c-1', createdAtMs: null });
  expect(await kit.row(creation.key)).toMatchObject({ state: 'closing', cluster_id: 'c-1', answered: 1 });
  await kit.clock.advance(1000);
  expect((await kit.settle(creation.key)).creation?.costMicros).toBe(1000);
});

it('a refusal releases the hold once, and records why', async () => {
  const creation = await kit.opened();
  const attempt = await kit.sent(creation.key, true);
  for (let time = 0; time < 2; time += 1) {
    const answer = await kit.ledger.refuse(creation.key, attempt, PROVIDER_REFUSED, 'test');
    expect(answer.outcome).toBe('refused');
    expect(answer.creation).toMatchObject({ state: 'refused', why: 'ProviderRejected', whyText: 'no', costMicros: 0 });
  }
  expect(await kit.money(creation.team)).toEqual({ held: 0, spent: 0 });
  expect(await kit.booked(creation.key, 'release')).toEqual([HOLD]);
});

it('a key that was never claimed, or is not open, is not refused', async () => {
  const creation = await kit.opened();
  const refuse = (): Promise<string> => outcomeOf(kit.ledger.refuse(creation.key, 'a', PROVIDER_REFUSED, 'test'));
  expect(await refuse()).toBe('not-refusable');
  await kit.close(creation);
  expect(await refuse()).toBe('not-open');
  expect((await kit.money(creation.team)).held).toBe(HOLD);
});

it('a key that the ledger does not know is an error', async () => {
  const key = `mu-aaaaaa-${'a'.repeat(26)}`;
  await expect(kit.providerLedger.claimSend(key, 'a', 0)).rejects.toThrow(`no creation has the key ${key}`);
  await expect(kit.ledger.refuse(key, 'a', PROVIDER_REFUSED, 'test')).rejects.toThrow(key);
  expect(await kit.providerLedger.read(key)).toBeUndefined();
});
