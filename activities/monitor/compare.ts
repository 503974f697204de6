import type { ObservedState } from '../../contracts/cluster.ts';
import type { Finding } from '../../contracts/findings.ts';
import { leaseWorkflowId, requestWorkflowId } from '../../contracts/ids.ts';
import { ORPHAN_GRACE_MS, VISIBILITY_GRACE_MS } from '../../contracts/limits.ts';
import type { MonitoredCreation } from '../ledger/monitor-ledger.ts';
import type { FoundCluster } from '../providers/provider.ts';

/** What a sweep has read, in this order: rows, listing, known keys. Times by the ledger's clock. */
export interface RegionReadings {
  /** When the rows were read, ms since the epoch. */
  readonly nowMs: number;
  /** The region's open, leased and closing creations. */
  readonly rows: readonly MonitoredCreation[];
  /** Every cluster that carries a key of this installation. */
  readonly listed: readonly FoundCluster[];
  /** Read after the listing: the creations of listed keys that are not among the rows. */
  readonly known: readonly MonitoredCreation[];
  /** How much faster than real the provider's time runs. */
  readonly speed: number;
}

type Changed = Extract<Finding, { kind: 'changed' }>;
type Unowned = Extract<Finding, { kind: 'unowned' }>;

/** The orphan grace is never shorter, ms (policy): at any speed a resubmit takes a moment. */
const SHORTEST_GRACE_MS = 10_000;

/** An owner's run that has closed. */
export interface ClosedRun {
  /** Ms since the epoch; null when Temporal knows no run. */
  readonly closedAtMs: number | null;
  /** Whether it completed, instead of failing or being terminated. */
  readonly completed: boolean;
}

/**
 * Compares clusters with creations: finds changes that owners have not recorded, late clusters and strays. It is pure.
 * The code that acts on a finding checks it again first.
 */
export function compareClusters(readings: RegionReadings): Finding[] {
  const byKey = new Map<string, FoundCluster[]>();
  for (const cluster of readings.listed) byKey.set(cluster.name, [...(byKey.get(cluster.name) ?? []), cluster]);
  const rows = new Map([...readings.known, ...readings.rows].map((row) => [row.key, row]));
  return [
    ...readings.rows.flatMap((row) => changesOf(row, byKey.get(row.key) ?? [], readings)),
    ...readings.listed.flatMap((cluster): Finding[] => {
      const row = rows.get(cluster.name);
      if (row === undefined) return [toStray(cluster)];
      if (!isLateCluster(row, cluster, readings)) return [];
      return [{ kind: 'late-cluster', key: row.key, requestId: row.requestId, clusterId: cluster.clusterId }];
    }),
  ];
}

/** The change that the creation's owner should hear of, if there is one. */
function changesOf(row: MonitoredCreation, listed: readonly FoundCluster[], readings: RegionReadings): Changed[] {
  const { key, requestId, state } = row;
  if (state !== 'open' && state !== 'leased' && state !== 'closing') return [];
  const changed = (owner: string, observed: Changed['observed']): Changed[] => [
    { kind: 'changed', key, requestId, state, owner, observed },
  ];
  if (state === 'closing') {
    // A cleanup or another run closes it. The owner that it had before may still be waiting.
    const before = ownerBeforeClosing(row);
    return row.owner === before ? [] : changed(before, 'closing');
  }
  if (row.clusterId === null) return [];
  const recorded = listed.find(({ clusterId }) => clusterId === row.clusterId);
  // A recorded cluster that is only partial has lost everything that was in it.
  const observed = recorded === undefined || recorded.partial === true ? 'gone' : recorded.state;
  if (observed === 'gone' && mayNotShowYet(row, readings)) return [];
  return isUnrecorded(row, observed) ? changed(row.owner, observed) : [];
}

/** The owner of a creation until it closes: its request, and from the lease on its lease. */
const ownerBeforeClosing = (row: MonitoredCreation): string =>
  row.leasedAtMs === null ? requestWorkflowId(row.requestId) : leaseWorkflowId(row.requestId, row.number);

/** Soon after its send a cluster may not show yet. */
const mayNotShowYet = (row: MonitoredCreation, { nowMs, speed }: RegionReadings): boolean =>
  nowMs - (row.sendUntilMs ?? row.openedAtMs) <= VISIBILITY_GRACE_MS / speed;

/** Whether an owner has to act on this state, or to record it. A listing does not say which nodes are missing. */
function isUnrecorded(row: MonitoredCreation, observed: ObservedState): boolean {
  switch (observed) {
    case 'creating':
      return false;
    case 'ready':
    case 'degraded':
    case 'failed':
    case 'gone':
      return row.state === 'open' || row.condition !== observed;
    case 'deleting':
      return row.state === 'open' || row.condition !== 'failed';
  }
}

/**
 * Whether this is a late cluster: its key has ended, or its creation has recorded another one. The owner of an open or
 * closing creation handles every cluster with its key. For a while after the end, a listing may still show a cluster that
 * was proven absent.
 */
function isLateCluster(row: MonitoredCreation, cluster: FoundCluster, { nowMs, speed }: RegionReadings): boolean {
  if (cluster.state === 'deleting' || cluster.state === 'gone') return false;
  switch (row.state) {
    case 'open':
    case 'closing':
      return false;
    case 'leased':
      return row.clusterId !== null && row.clusterId !== cluster.clusterId;
    case 'refused':
    case 'absent':
    case 'released':
      return nowMs - (row.endedAtMs ?? nowMs) > VISIBILITY_GRACE_MS / speed;
  }
}

/** An audit adds the location and the price. */
const toStray = ({ clusterId, name, state, createdAtMs, hourlyMicros }: FoundCluster): Finding => ({
  ...{ kind: 'stray', provider: '', region: '', clusterId, name, state, createdAtMs },
  hourlyMicros: hourlyMicros ?? null,
});

/**
 * Finds a creation whose owner does not run, and its remedy. A lease is started again: terminating it must not destroy a
 * cluster that is in use. A closing creation is cleaned up at once. An open one is cleaned up after a grace, in which a
 * resubmit may adopt it. But when its cluster may be in use although the row shows no lease, the ledger was restored from
 * an older backup, and people rebuild the row.
 * @param run the owner's last run; undefined while it runs
 * @param nowMs by the same clock as the run's end
 * @param maybeInUse whether anything else indicates that the creation has a lease
 */
export function compareOwner(
  row: MonitoredCreation,
  run: ClosedRun | undefined,
  { nowMs, speed, maybeInUse }: { readonly nowMs: number; readonly speed: number; readonly maybeInUse: boolean },
): Unowned[] {
  const { key, requestId, owner, epoch, clusterId, state } = row;
  if (run === undefined) return [];
  const unowned = (remedy: Unowned['remedy'], as: Unowned['state']): Unowned[] => [
    { kind: 'unowned', key, requestId, state: as, owner, epoch, clusterId, remedy },
  ];
  switch (state) {
    case 'leased':
      // A lease completes only after its cluster is released, so the ledger was restored to a time before that.
      return unowned(run.completed ? 'rebuild' : 'start-lease', state);
    case 'closing':
      return unowned('start-cleanup', state);
    case 'open': {
      if (maybeInUse) return unowned('rebuild', state);
      const idleMs = nowMs - (run.closedAtMs ?? row.openedAtMs);
      const graceMs = Math.max(SHORTEST_GRACE_MS, ORPHAN_GRACE_MS / speed);
      return unowned(idleMs >= graceMs ? 'start-cleanup' : 'wait', state);
    }
    case 'refused':
    case 'absent':
    case 'released':
      return [];
  }
}
