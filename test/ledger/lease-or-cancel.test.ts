import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { fresh, openKit, PLACEMENT, type Kit } from './kit.ts';
import { LEASE_OR_CANCEL } from './scenarios/lease-or-cancel.ts';
import { keepsPromises } from './scenarios/promises.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterEach(async () => {
  expect(await kit.ledger.audit()).toEqual([]);
});
afterAll(() => kit.drop());

keepsPromises(LEASE_OR_CANCEL, () => kit);

const cancel = (requestId: string, id = fresh('cancel')) => kit.ledger.recordCancel(requestId, id, 'ada', 'enough');

it('a lease becomes the owner, gets its funded end, and is answered the same when asked again', async () => {
  const creation = await kit.withCluster('c-1');
  const lease = kit.leaseOf(creation);
  const first = await kit.ledger.lease(creation.key, lease, 'c-1');
  const now = await kit.clock.now();
  expect(first.outcome).toBe('leased');
  expect(first.creation).toMatchObject({ owner: lease, leasedAtMs: now, leaseUntilMs: now + PLACEMENT.leaseMs });
  await kit.clock.advance(1000);
  expect(await kit.ledger.lease(creation.key, lease, 'c-1')).toEqual(first);
  expect((await kit.ledger.lease(creation.key, lease, 'c-2')).outcome).toBe('not-open');
  expect((await kit.ledger.lease(creation.key, 'cluster/other/1', 'c-1')).outcome).toBe('not-open');
});

it('a creation without a recorded cluster is not leased', async () => {
  const creation = await kit.opened();
  expect((await kit.ledger.lease(creation.key, kit.leaseOf(creation), 'c-1')).outcome).toBe('other-cluster');
  expect((await kit.row(creation.key)).state).toBe('open');
});

it('when a lease and a cancel meet, one wins and the answer tells the other', async () => {
  const team = await kit.team();
  const wins = new Set<string>();
  for (let round = 0; round < 40; round += 1) {
    const creation = await kit.withCluster('c-1', { team });
    const lease = () => kit.ledger.lease(creation.key, kit.leaseOf(creation), 'c-1');
    const recordCancel = () => cancel(creation.requestId);
    const [leased, cancelled] =
      round % 2 === 0
        ? await Promise.all([lease(), recordCancel()])
        : (await Promise.all([recordCancel(), lease()])).toReversed();
    const answers = `${leased?.outcome ?? ''} ${cancelled?.outcome ?? ''}`;
    expect(['leased use-release', 'cancelled recorded']).toContain(answers);
    const current = await kit.ledger.readRequest(creation.requestId);
    expect([current.creation?.state, current.cancelled]).toEqual(
      answers === 'leased use-release' ? ['leased', false] : ['open', true],
    );
    wins.add(answers);
  }
  expect(wins.size).toBe(2);
});

it('a cancel is answered with the active creation, also the second time', async () => {
  const { requestId, key } = await kit.opened();
  for (let time = 0; time < 2; time += 1) {
    const answer = await cancel(requestId, 'the one');
    expect(answer).toMatchObject({ outcome: 'recorded', cancelled: true, creation: { key, state: 'open' } });
  }
});

it('the first of two cancels stays the reason', async () => {
  const { requestId } = await kit.opened();
  await kit.ledger.recordCancel(requestId, fresh('cancel'), 'ada', 'enough');
  await kit.ledger.recordCancel(requestId, fresh('cancel'), 'bob', 'too');
  const { rows } = await kit.db.admin.query('select cancelled_by, cancel_reason from muster.request where id = $1', [
    requestId,
  ]);
  expect(rows).toEqual([{ cancelled_by: 'ada', cancel_reason: 'enough' }]);
});

it('a cancel during a release is answered use-release, too', async () => {
  const creation = await kit.leased();
  await kit.release(creation);
  expect(await cancel(creation.requestId)).toMatchObject({
    ...{ outcome: 'use-release', cancelled: false },
    creation: { state: 'closing' },
  });
});

it('a cancel is recorded while the request closes its creation', async () => {
  const creation = await kit.opened();
  await kit.close(creation);
  expect(await cancel(creation.requestId)).toMatchObject({ outcome: 'recorded', creation: { state: 'closing' } });
});

it('a request goes on after its cancel is lifted, and another cancel counts', async () => {
  const { requestId, key } = await kit.opened();
  await cancel(requestId);
  expect(await kit.ledger.liftCancel(requestId)).toMatchObject({ outcome: 'lifted', cancelled: false });
  expect((await kit.ledger.liftCancel(requestId)).outcome).toBe('not-cancelled');
  expect((await kit.providerLedger.claimSend(key, 'a', 0)).outcome).toBe('claimed');
  expect(await cancel(requestId)).toMatchObject({ outcome: 'recorded', cancelled: true });
});

it('an unknown request has no creation, and no cancel to lift', async () => {
  const requestId = fresh('request');
  expect(await kit.ledger.liftCancel(requestId)).toMatchObject({ outcome: 'not-cancelled', version: 0 });
  expect(await kit.ledger.readRequest(requestId)).toMatchObject({ outcome: 'unknown', creation: null });
  expect((await kit.ledger.receipt(requestId)).creations).toEqual([]);
});

it.each(['open', 'leased', 'closing'] as const)('a request does not end while its creation is %s', async (state) => {
  const creation = state === 'leased' ? await kit.leased() : await kit.opened();
  if (state === 'closing') await kit.close(creation);
  const before = await kit.ledger.readRequest(creation.requestId);
  const answer = await kit.ledger.endRequest(creation.requestId, 'cancelled');
  expect(answer).toEqual({ ...before, outcome: 'active' });
});

it('the end of a request raises its version, also when it never opened a creation', async () => {
  const { requestId } = await kit.absent();
  expect(await kit.ledger.endRequest(requestId, 'failed')).toMatchObject({
    outcome: 'ended',
    version: 2,
    creation: null,
  });
  expect((await kit.ledger.endRequest(fresh('request'), 'failed')).version).toBe(1);
});
