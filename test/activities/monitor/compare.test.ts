import { expect, it } from 'vitest';
import {
  compareClusters,
  compareOwner,
  type ClosedRun,
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
    leasedAtMs: null,
    claims: 1,
    sendUntilMs: NOW_MS - HOUR_MS,
    openedAtMs: NOW_MS - HOUR_MS,
  },
  ...{ closingAtMs: null, endedAtMs: null },
  ...fields,
});
const leased = (fields: Partial<MonitoredCreation> = {}): MonitoredCreation =>
  row({ state: 'leased', leasedAtMs: NOW_MS - HOUR_MS, owner: 'cluster/r/1', condition: 'ready', ...fields });
const ended = (fields: Partial<MonitoredCreation> = {}): MonitoredCreation =>
  row({ state: 'absent', endedAtMs: NOW_MS - HOUR_MS, ...fields });
const cluster = (fields: Partial<FoundCluster> = {}): FoundCluster => ({
  ...{ clusterId: 'c-1', name: KEY, state: 'ready', createdAtMs: null },
  ...fields,
});
const findingsOf = (readings: Partial<RegionReadings>) =>
  compareClusters({ nowMs: NOW_MS, rows: [], listed: [], known: [], speed: 1, ...readings });

it.each(['ready', 'degraded', 'failed', 'deleting'] as const)(
  'reports to a waiting request a cluster that is %s',
  (state) => {
    expect(findingsOf({ rows: [row({})], listed: [cluster({ state })] })).toEqual([
      { kind: 'changed', key: KEY, requestId: 'r', state: 'open', owner: 'provision/r', observed: state },
    ]);
  },
);

it('reports nothing while a cluster is being created, or before the request has recorded it', () => {
  expect(findingsOf({ rows: [row({})], listed: [cluster({ state: 'creating' })] })).toEqual([]);
  expect(findingsOf({ rows: [row({ clusterId: null })], listed: [cluster()] })).toEqual([]);
});

it('reports a cluster that has gone, but not one that may not show yet', () => {
  expect(findingsOf({ rows: [row({})] })).toMatchObject([{ kind: 'changed', observed: 'gone' }]);
  const fresh = row({ sendUntilMs: NOW_MS - VISIBILITY_GRACE_MS });
  expect(findingsOf({ rows: [fresh] })).toEqual([]);
  expect(findingsOf({ rows: [fresh], speed: 10 })).toHaveLength(1);
});

it('reports to a lease only a state that it has not recorded', () => {
  expect(findingsOf({ rows: [leased()], listed: [cluster()] })).toEqual([]);
  expect(findingsOf({ rows: [leased()], listed: [cluster({ state: 'creating' })] })).toEqual([]);
  expect(findingsOf({ rows: [leased()], listed: [cluster({ state: 'failed' })] })).toMatchObject([
    { kind: 'changed', owner: 'cluster/r/1', observed: 'failed' },
  ]);
  expect(findingsOf({ rows: [leased({ condition: 'failed' })], listed: [cluster({ state: 'deleting' })] })).toEqual([]);
  expect(findingsOf({ rows: [leased({ condition: 'failed' })], listed: [cluster()] })).toMatchObject([
    { observed: 'ready' },
  ]);
  expect(findingsOf({ rows: [leased({ condition: 'gone' })] })).toEqual([]);
});

it('reports a closing row to the request or lease that owned it before, and not to an owner that closes it itself', () => {
  const closing = row({ state: 'closing', owner: `cleanup/${KEY}` });
  expect(findingsOf({ rows: [closing] })).toMatchObject([{ owner: 'provision/r', observed: 'closing' }]);
  expect(findingsOf({ rows: [{ ...closing, leasedAtMs: NOW_MS - HOUR_MS }] })).toMatchObject([
    { owner: 'cluster/r/1', observed: 'closing' },
  ]);
  expect(findingsOf({ rows: [{ ...closing, owner: 'provision/r' }] })).toEqual([]);
});

it('finds a late cluster under an ended key once the listing has had time to drop it', () => {
  expect(findingsOf({ known: [ended()], listed: [cluster()] })).toEqual([
    { kind: 'late-cluster', key: KEY, requestId: 'r', clusterId: 'c-1' },
  ]);
  expect(findingsOf({ known: [ended({ endedAtMs: NOW_MS - VISIBILITY_GRACE_MS })], listed: [cluster()] })).toEqual([]);
  expect(findingsOf({ known: [ended()], listed: [cluster({ state: 'deleting' })] })).toEqual([]);
});

it('finds a second cluster under a leased key, and leaves the clusters of open keys to their owners', () => {
  const both = [cluster(), cluster({ clusterId: 'c-2' })];
  expect(findingsOf({ rows: [leased()], listed: both })).toEqual([
    { kind: 'late-cluster', key: KEY, requestId: 'r', clusterId: 'c-2' },
  ]);
  expect(findingsOf({ rows: [row({})], listed: both }).filter(({ kind }) => kind === 'late-cluster')).toEqual([]);
});

it('matches a name to a key only when they are equal', () => {
  for (const name of [`${KEY}x`, KEY.slice(0, -1), `${KEY}-h`]) {
    const found = findingsOf({ rows: [leased()], listed: [cluster(), cluster({ clusterId: 'c-2', name })] });
    expect(found).toMatchObject([{ kind: 'stray', clusterId: 'c-2', name }]);
  }
});

it('starts a lease again, cleans a closing creation up at once, and an open one after a grace', () => {
  const closedAt = (closedAtMs: number | null) => ({ closedAtMs, completed: false });
  const closed = closedAt(NOW_MS - ORPHAN_GRACE_MS);
  const remedy = (of: MonitoredCreation, run: ClosedRun | undefined, speed = 1) =>
    compareOwner(of, run, { nowMs: NOW_MS, speed, maybeInUse: false }).map((finding) => finding.remedy);
  expect(remedy(leased(), closed)).toEqual(['start-lease']);
  expect(remedy(row({ state: 'closing' }), closedAt(NOW_MS))).toEqual(['start-cleanup']);
  expect(remedy(row({}), closed)).toEqual(['start-cleanup']);
  expect(remedy(row({}), closedAt(NOW_MS - ORPHAN_GRACE_MS + 1))).toEqual(['wait']);
  expect(remedy(row({}), closedAt(NOW_MS - ORPHAN_GRACE_MS + 1), 2)).toEqual(['start-cleanup']);
  expect(remedy(row({ openedAtMs: NOW_MS }), closedAt(null))).toEqual(['wait']);
  for (const each of [leased(), row({}), row({ state: 'closing' })]) expect(remedy(each, undefined)).toEqual([]);
});

it('never cleans up a creation whose cluster may be in use: people rebuild its row', () => {
  const at = { nowMs: NOW_MS, speed: 1, maybeInUse: true };
  const closed = { closedAtMs: NOW_MS - 100 * ORPHAN_GRACE_MS, completed: false };
  const completed = { ...closed, completed: true };
  expect(compareOwner(row({}), completed, at)).toMatchObject([{ remedy: 'rebuild', clusterId: 'c-1' }]);
  // Temporal may have forgotten the run of its request while its lease runs.
  expect(compareOwner(row({}), closed, at)).toMatchObject([{ remedy: 'rebuild' }]);
  expect(compareOwner(row({}), closed, { ...at, maybeInUse: false })).toMatchObject([{ remedy: 'start-cleanup' }]);
  expect(compareOwner(leased(), completed, { ...at, maybeInUse: false })).toMatchObject([{ remedy: 'rebuild' }]);
});

it('counts a recorded cluster that is only partial as gone', () => {
  expect(findingsOf({ rows: [row({})], listed: [cluster({ state: 'creating', partial: true })] })).toMatchObject([
    { observed: 'gone' },
  ]);
});
