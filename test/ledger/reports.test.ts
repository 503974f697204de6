import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ClusterQuery } from '../../contracts/reports.ts';
import { leaseTerms } from '../builders/creation.ts';
import { fresh, HOLD, openKit, type Kit } from './kit.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
});
afterAll(() => kit.drop());

describe('the record of a request', () => {
  it('is null for an unknown id', async () => {
    expect(await kit.ledger.reports.readRecord({ requestId: fresh('request') })).toBeNull();
  });

  it('has its creations, its clusters, what it holds and what it cost', async () => {
    const first = await kit.withCluster('c-1');
    await kit.close(first);
    await kit.clock.advance(1000);
    await kit.settle(first.key);
    const { requestId, team } = first;
    const second = await kit.opened({ requestId, team, version: 1 });
    const record = await kit.ledger.reports.readRecord({ requestId });
    expect(record).toMatchObject({ requestId, team, outcome: null, cancel: null, heldMicros: HOLD, costMicros: 1000 });
    expect(record?.creations).toEqual((await kit.ledger.receipt(requestId)).creations);
    expect(record?.creations.map(({ key, state }) => [key, state])).toEqual([
      [first.key, 'absent'],
      [second.key, 'open'],
    ]);
    expect(record?.clusters).toMatchObject([{ key: first.key, clusterId: 'c-1', bookedMicros: 1000 }]);
  });

  it('holds nothing and keeps its outcome after the end', async () => {
    const { requestId } = await kit.absent();
    await kit.ledger.endRequest(requestId, 'failed');
    expect(await kit.ledger.reports.readRecord({ requestId })).toMatchObject({
      outcome: 'failed',
      endedAtMs: await kit.clock.now(),
      heldMicros: 0,
    });
  });

  it('has the hold of a lease, and no cluster of another request', async () => {
    const [own, other] = [await kit.leased('c-2'), await kit.leased('c-3')];
    const record = await kit.ledger.reports.readRecord({ requestId: own.requestId });
    expect(record).toMatchObject({ outcome: 'ready', heldMicros: HOLD });
    expect(record?.clusters.map(({ clusterId }) => clusterId)).toEqual(['c-2']);
    expect(other.requestId).not.toBe(own.requestId);
  });

  it('has who cancelled it and why, with every order, also when the cancel came first', async () => {
    const requestId = fresh('request');
    await kit.ledger.recordCancel(requestId, 'order-1', 'alice', 'wrong region');
    await kit.ledger.recordCancel(requestId, 'order-2', 'bob', 'too dear');
    expect(await kit.ledger.reports.readRecord({ requestId })).toMatchObject({
      team: null,
      cancel: { who: 'alice', why: 'wrong region', orderIds: ['order-1', 'order-2'], atMs: await kit.clock.now() },
      creations: [],
    });
    await kit.ledger.liftCancel(requestId);
    expect(await kit.ledger.reports.readRecord({ requestId })).toMatchObject({
      cancel: null,
      liftedCancelIds: ['order-1', 'order-2'],
    });
  });
});

describe('the list of budgets', () => {
  it('shows the current month, and another month only while it still holds money', async () => {
    const held = await kit.team(100 * HOLD, 'month');
    const settled = await kit.team(100 * HOLD, 'month');
    await kit.opened({ team: held });
    await kit.absent({ team: settled });
    const monthOf = async (): Promise<string> => new Date(await kit.clock.now()).toISOString().slice(0, 7);
    const before = await monthOf();
    await kit.clock.advance(31 * 24 * 3_600_000);
    const now = await monthOf();
    await kit.opened({ team: settled });
    const { budgets, more } = await kit.ledger.reports.listBudgets();
    const balancesOf = (team: string) => budgets.find((budget) => budget.team === team)?.balances;
    expect(balancesOf(held)).toEqual([{ period: before, heldMicros: HOLD, spentMicros: 0 }]);
    expect(balancesOf(settled)).toEqual([{ period: now, heldMicros: HOLD, spentMicros: 0 }]);
    expect(more).toBe(false);
  });

  it('is in the order of the teams, with a budget that is not used yet', async () => {
    const unused = await kit.team(5);
    const { budgets } = await kit.ledger.reports.listBudgets();
    const teams = budgets.map(({ team }) => team);
    expect(teams).toEqual(teams.toSorted());
    expect(budgets.find(({ team }) => team === unused)).toEqual({
      team: unused,
      period: 'total',
      limitMicros: 5,
      balances: [],
    });
  });
});

describe('the journal of a team', () => {
  it('is refused for a team without a budget', async () => {
    const journal = kit.ledger.reports.readJournal({ team: fresh('team'), beforeId: null, limit: 5 });
    await expect(journal).rejects.toMatchObject({ type: 'InvalidRequest' });
  });

  it('has every movement, newest first, with its creation and request', async () => {
    const creation = await kit.withCluster('c-4');
    await kit.close(creation);
    await kit.clock.advance(1000);
    await kit.settle(creation.key);
    const { team, key, requestId } = creation;
    const journal = await kit.ledger.reports.readJournal({ team, beforeId: null, limit: 10 });
    expect(journal.next).toBeNull();
    expect(journal.lines).toMatchObject([
      { kind: 'spend', amountMicros: 1000, key, requestId, reason: 'proven absent', who: 'test' },
      { kind: 'release', amountMicros: HOLD, key, requestId },
      { kind: 'hold', amountMicros: HOLD, key, requestId, who: `provision/${requestId}` },
      { kind: 'limit', key: null, requestId: null, who: 'test' },
    ]);
  });

  it('comes in pages that have each line of the team once', async () => {
    const team = await kit.team();
    for (let opened = 0; opened < 4; opened++) {
      await kit.opened({ team });
      await kit.opened();
    }
    const read: number[] = [];
    let next: number | null = null;
    let pages = 0;
    do {
      const page = await kit.ledger.reports.readJournal({ team, beforeId: next, limit: 2 });
      expect(page.lines.length).toBeLessThanOrEqual(2);
      read.push(...page.lines.map(({ id }) => id));
      next = page.next;
      pages += 1;
    } while (next !== null);
    expect(pages).toBe(3);
    expect(read).toEqual([...new Set(read)].toSorted((a, b) => b - a));
    const { rows } = await kit.db.admin.query<{ id: number }>(
      'select id from muster.journal where team = $1 order by id desc',
      [team],
    );
    expect(read).toEqual(rows.map(({ id }) => id));
  });
});

describe('the list of clusters', () => {
  const keysOf = async (order: Partial<ClusterQuery>): Promise<string[]> => {
    const { clusters, more } = await kit.ledger.reports.listClusters({ team: null, provider: null, ...order });
    expect(more).toBe(false);
    return clusters.map(({ creation }) => creation.key);
  };

  it('has clusters that are leased or being released, the longest leased first', async () => {
    const team = await kit.team();
    const first = await kit.leased('c-1', { team });
    await kit.clock.advance(1000);
    const second = await kit.leased('c-2', { team });
    await kit.withCluster('c-3', { team });
    await kit.released('c-4', { team });
    await kit.close(await kit.withCluster('c-5', { team }));
    await kit.release(first);
    expect(await keysOf({ team })).toEqual([first.key, second.key]);
  });

  it('is for one team, one provider, or all', async () => {
    const own = await kit.leased('c-1');
    const other = await kit.leased('c-2');
    expect(await keysOf({ team: own.team })).toEqual([own.key]);
    expect(await keysOf({ team: own.team, provider: 'tensorpool' })).toEqual([]);
    expect(await keysOf({ provider: 'sagemaker' })).toEqual(expect.arrayContaining([own.key, other.key]));
    expect(await keysOf({})).toEqual(await keysOf({ provider: 'sagemaker' }));
  });

  it('has the creation time of the cluster, without the request in its terms', async () => {
    const terms = leaseTerms({ request: { long: 'x' } });
    const creation = await kit.leased('c-1', { placement: { terms } });
    await kit.providerLedger.recordObserved(creation.key, { clusterId: 'c-2', createdAtMs: 5 });
    const { clusters } = await kit.ledger.reports.listClusters({ team: creation.team, provider: null });
    expect(clusters).toEqual([
      { creation: { ...creation, terms: { ...terms, request: null } }, createdAtMs: creation.openedAtMs },
    ]);
  });
});

it('the list of locations has each provider and region once', async () => {
  const region = fresh('region');
  for (let time = 0; time < 2; time += 1) await kit.absent({ placement: { region } });
  const locations = await kit.ledger.reports.listLocations();
  expect(locations.filter((location) => location.region === region)).toEqual([{ provider: 'sagemaker', region }]);
});
