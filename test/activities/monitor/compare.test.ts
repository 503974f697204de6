import { expect, it } from 'vitest';
import {
  compareClusters,
  compareOwner,
  type OwnerRun,
  type RegionReadings,
} from '../../../activities/monitor/compare.ts';
import type { MonitoredCreation } from '../../../activities/ledger/monitor-ledger.ts';
import type { FoundCluster } from '../../../activities/providers/provider.ts';
import { ORPHAN_GRACE_MS, VISIBILITY_GRACE_MS } from '../../../contracts/limits.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = 100 * HOUR_MS;
const KEY = `mu-abc234-${'a'.repeat(26)}`;

const row = (fields: Partial<MonitoredCreation>): MonitoredCreation => ({
  ...{ key: KEY, requestId: 'r', number: 1, state: 'open', clusterId: 'c-1', owner: 'provision/r', epoch: 0 },
  ...{
    condition: null,
    leased: false,
    hasTerms: true,
    claims: 1,
    sendUntilMs: NOW_MS - HOUR_MS,
    openedAtMs: NOW_MS - HOUR_MS,
  },
  ...{ closingAtMs: null, endedAtMs: null },
  ...fields,
});
const leased = (fields: Partial<MonitoredCreation> = {}): MonitoredCreation =>
  row({ state: 'leased', leased: true, owner: 'cluster/r/1', condition: 'ready', ...fields });
const ended = (fields: Partial<MonitoredCreation> = {}): MonitoredCreation =>
  row({ state: 'absent', endedAtMs: NOW_MS - HOUR_MS, ...fields });
const cluster = (fields: Partial<FoundCluster> = {}): FoundCluster => ({
  ...{ clusterId: 'c-1', name: KEY, state: 'ready', createdAtMs: null },
  ...fields,
});
const judged = (readings: Partial<RegionReadings>) =>
  compareClusters({ nowMs: NOW_MS, rows: [], listed: [], known: [], speed: 1, ...readings });

it.each(['ready', 'degraded', 'failed', 'deleting'] as const)(
  'tells a waiting request of a cluster that is %s',
  (state) => {
    expect(judged({ rows: [row({})], listed: [cluster({ state })] })).toEqual([
      { kind: 'changed', key: KEY, requestId: 'r', state: 'open', owner: 'provision/r', seen: state },
    ]);
  },
);

it('leaves a request alone while its cluster is being made, or is not known to be its own', () => {
  expect(judged({ rows: [row({})], listed: [cluster({ state: 'creating' })] })).toEqual([]);
  expect(judged({ rows: [row({ clusterId: null })], listed: [cluster()] })).toEqual([]);
});

it('tells of a cluster that has gone, but not of one that may not show yet', () => {
  expect(judged({ rows: [row({})] })).toMatchObject([{ kind: 'changed', seen: 'gone' }]);
  const young = row({ sendUntilMs: NOW_MS - VISIBILITY_GRACE_MS });
  expect(judged({ rows: [young] })).toEqual([]);
  expect(judged({ rows: [young], speed: 10 })).toHaveLength(1);
});

it('tells a lease only what it has not recorded', () => {
  expect(judged({ rows: [leased()], listed: [cluster()] })).toEqual([]);
  expect(judged({ rows: [leased()], listed: [cluster({ state: 'creating' })] })).toEqual([]);
  expect(judged({ rows: [leased()], listed: [cluster({ state: 'failed' })] })).toMatchObject([
    { kind: 'changed', owner: 'cluster/r/1', seen: 'failed' },
  ]);
  expect(judged({ rows: [leased({ condition: 'failed' })], listed: [cluster({ state: 'deleting' })] })).toEqual([]);
  expect(judged({ rows: [leased({ condition: 'failed' })], listed: [cluster()] })).toMatchObject([{ seen: 'ready' }]);
  expect(judged({ rows: [leased({ condition: 'gone' })] })).toEqual([]);
});

it('tells the request or the lease whose row a cleanup closes, and nobody who closes it himself', () => {
  const closing = row({ state: 'closing', owner: `cleanup/${KEY}` });
  expect(judged({ rows: [closing] })).toMatchObject([{ owner: 'provision/r', seen: 'closing' }]);
  expect(judged({ rows: [{ ...closing, leased: true }] })).toMatchObject([{ owner: 'cluster/r/1', seen: 'closing' }]);
  expect(judged({ rows: [{ ...closing, owner: 'provision/r' }] })).toEqual([]);
});

it('finds a late cluster under a key that has ended, once the listing cannot merely lag', () => {
  expect(judged({ known: [ended()], listed: [cluster()] })).toEqual([
    { kind: 'late-cluster', key: KEY, requestId: 'r', clusterId: 'c-1' },
  ]);
  expect(judged({ known: [ended({ endedAtMs: NOW_MS - VISIBILITY_GRACE_MS })], listed: [cluster()] })).toEqual([]);
  expect(judged({ known: [ended()], listed: [cluster({ state: 'deleting' })] })).toEqual([]);
});

it('finds a second cluster under a leased key, and leaves the leased one and those of open keys to their owners', () => {
  const two = [cluster(), cluster({ clusterId: 'c-2' })];
  expect(judged({ rows: [leased()], listed: two })).toEqual([
    { kind: 'late-cluster', key: KEY, requestId: 'r', clusterId: 'c-2' },
  ]);
  expect(judged({ rows: [row({})], listed: two }).filter(({ kind }) => kind === 'late-cluster')).toEqual([]);
});

it('takes a name for a key only where it is one, letter by letter', () => {
  for (const name of [`${KEY}x`, KEY.slice(0, -1), `${KEY}-h`]) {
    const found = judged({ rows: [leased()], listed: [cluster(), cluster({ clusterId: 'c-2', name })] });
    expect(found).toMatchObject([{ kind: 'stray', clusterId: 'c-2', name }]);
  }
});

it('has a lease started again, a closing creation cleaned up at once, and an open one after a while', () => {
  const closedAt = (closedAtMs: number | null) => ({ closedAtMs, completed: false });
  const closed = closedAt(NOW_MS - ORPHAN_GRACE_MS);
  const remedy = (of: MonitoredCreation, run: OwnerRun, speed = 1) =>
    compareOwner(of, run, { nowMs: NOW_MS, speed, maybeInUse: false }).map((finding) =>
      finding.kind === 'unowned' ? finding.remedy : finding.kind,
    );
  expect(remedy(leased(), closed)).toEqual(['lease']);
  expect(remedy(row({ state: 'closing' }), closedAt(NOW_MS))).toEqual(['cleanup']);
  expect(remedy(row({}), closed)).toEqual(['cleanup']);
  expect(remedy(row({}), closedAt(NOW_MS - ORPHAN_GRACE_MS + 1))).toEqual(['wait']);
  expect(remedy(row({}), closedAt(NOW_MS - ORPHAN_GRACE_MS + 1), 2)).toEqual(['cleanup']);
  expect(remedy(row({ openedAtMs: NOW_MS }), closedAt(null))).toEqual(['wait']);
  for (const each of [leased(), row({}), row({ state: 'closing' })]) expect(remedy(each, undefined)).toEqual([]);
});

it('never has a creation cleaned up whose cluster may be in use: its ledger was set back, and people decide', () => {
  const at = { nowMs: NOW_MS, speed: 1, maybeInUse: true };
  const closed = { closedAtMs: NOW_MS - 100 * ORPHAN_GRACE_MS, completed: false };
  const completed = { ...closed, completed: true };
  expect(compareOwner(row({}), completed, at)).toMatchObject([{ remedy: 'rebuild', clusterId: 'c-1' }]);
  // Its request's run may be forgotten, and its lease lives on.
  expect(compareOwner(row({}), closed, at)).toMatchObject([{ remedy: 'rebuild' }]);
  expect(compareOwner(row({}), closed, { ...at, maybeInUse: false })).toMatchObject([{ remedy: 'cleanup' }]);
  expect(compareOwner(leased(), completed, { ...at, maybeInUse: false })).toMatchObject([{ remedy: 'rebuild' }]);
});

it('tells no lease of before there were terms, which would not record it', () => {
  expect(judged({ rows: [leased({ hasTerms: false })] })).toEqual([]);
});

it('takes a cluster for gone that is only begun, though it was made', () => {
  expect(judged({ rows: [row({})], listed: [cluster({ state: 'creating', partial: true })] })).toMatchObject([
    { seen: 'gone' },
  ]);
});
