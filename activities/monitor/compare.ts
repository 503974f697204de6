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
  /** Open, leased and closing creations of the region. */
  readonly rows: readonly MonitoredCreation[];
  /** Every cluster that wears a key of this installation. */
  readonly listed: readonly FoundCluster[];
  /** Read after the listing: creations whose keys it shows and that are not among the rows. */
  readonly known: readonly MonitoredCreation[];
  /** How much faster than real the provider's time runs. */
  readonly speed: number;
}

/** However fast the provider's time runs, whoever resubmits takes a moment, ms (policy). */
const SHORTEST_GRACE_MS = 10_000;

/**
 * A run of an owner: undefined while it runs; else when it closed, ms since the epoch, or null where none is known, and
 * whether it came to its own good end.
 */
export type OwnerRun = { readonly closedAtMs: number | null; readonly completed: boolean } | undefined;

/**
 * Clusters against creations: what owners have not recorded, what was born too late, what nobody knows. Pure: whoever
 * acts on it looks again first, or tells somebody who does.
 */
export function compareClusters(readings: RegionReadings): Finding[] {
  const byKey = new Map<string, FoundCluster[]>();
  for (const cluster of readings.listed) byKey.set(cluster.name, [...(byKey.get(cluster.name) ?? []), cluster]);
  const rows = new Map([...readings.known, ...readings.rows].map((row) => [row.key, row]));
  return [
    ...readings.rows.flatMap((row) => changeOf(row, byKey.get(row.key) ?? [], readings)),
    ...readings.listed.flatMap((cluster): Finding[] => {
      const row = rows.get(cluster.name);
      if (row === undefined) return [strayOf(cluster)];
      if (!isLateCluster(row, cluster, readings)) return [];
      return [{ kind: 'late-cluster', key: row.key, requestId: row.requestId, clusterId: cluster.clusterId }];
    }),
  ];
}

/** What is worth telling the owner of a creation. */
function changeOf(row: MonitoredCreation, listed: readonly FoundCluster[], readings: RegionReadings): Finding[] {
  const { key, requestId, state } = row;
  if (state !== 'open' && state !== 'leased' && state !== 'closing') return [];
  const told = (owner: string, seen: Extract<Finding, { kind: 'changed' }>['seen']): Finding[] => [
    { kind: 'changed', key, requestId, state, owner, seen },
  ];
  if (state === 'closing') {
    // Closed by a cleanup, or by another run: who once owned it may wait on.
    const first = naturalOwner(row);
    return row.owner === first ? [] : told(first, 'closing');
  }
  // A lease of before there were terms takes no hints, and records nothing.
  if (row.clusterId === null || (state === 'leased' && !row.hasTerms)) return [];
  const own = listed.find(({ clusterId }) => clusterId === row.clusterId);
  // Only begun, though it was made: all that was in it has gone.
  const seen = own === undefined || own.partial === true ? 'gone' : own.state;
  if (seen === 'gone' && mayNotShowYet(row, readings)) return [];
  return isNews(row, seen) ? told(row.owner, seen) : [];
}

/** Who owns a creation by its course: its request until it is leased, then its lease. */
const naturalOwner = (row: MonitoredCreation): string =>
  row.leased ? leaseWorkflowId(row.requestId, row.number) : requestWorkflowId(row.requestId);

/** Shortly after it was sent a cluster may not show yet. */
const mayNotShowYet = (row: MonitoredCreation, { nowMs, speed }: RegionReadings): boolean =>
  nowMs - (row.sendUntilMs ?? row.openedAtMs) <= VISIBILITY_GRACE_MS / speed;

/** Whether an owner has something to do about it, or to record. A listing does not tell which nodes are missing. */
function isNews(row: MonitoredCreation, seen: ObservedState): boolean {
  switch (seen) {
    case 'creating':
      return false;
    case 'ready':
    case 'degraded':
    case 'failed':
    case 'gone':
      return row.state === 'open' || row.condition !== seen;
    case 'deleting':
      return row.state === 'open' || row.condition !== 'failed';
  }
}

/**
 * A cluster under a key that has ended, or whose own cluster is another one. While it is open or closing, whoever owns it
 * sees to all that wear its key; and for a while after an end the listing may still show what was proven gone.
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

/** Place and price are added where it is reported. */
const strayOf = ({ clusterId, name, state, createdAtMs, hourlyMicros }: FoundCluster): Finding => ({
  ...{ kind: 'stray', provider: '', region: '', clusterId, name, state, createdAtMs },
  hourlyMicros: hourlyMicros ?? null,
});

/**
 * A creation whose owner does not run, and what puts it right: a lease is started again, since whoever terminates it
 * must not destroy a cluster in use; a closing creation is cleaned up at once; an open one after a while, in which a
 * resubmit may take it up, unless its cluster may be in use although the row shows no lease: the ledger was set back then.
 * @param nowMs by the clock that the owner's end was told by
 * @param maybeInUse whether anything but the row speaks for a lease of it
 */
export function compareOwner(
  row: MonitoredCreation,
  run: OwnerRun,
  { nowMs, speed, maybeInUse }: { readonly nowMs: number; readonly speed: number; readonly maybeInUse: boolean },
): Finding[] {
  const { key, requestId, owner, epoch, clusterId, state } = row;
  if (run === undefined) return [];
  const unowned = (
    remedy: Extract<Finding, { kind: 'unowned' }>['remedy'],
    as: 'open' | 'leased' | 'closing',
  ): Finding[] => [{ kind: 'unowned', key, requestId, state: as, owner, epoch, clusterId, remedy }];
  switch (state) {
    case 'leased':
      // A lease completes only once its cluster is released: the ledger was set back to before that.
      return unowned(run.completed ? 'rebuild' : 'lease', state);
    case 'closing':
      return unowned('cleanup', state);
    case 'open': {
      if (maybeInUse) return unowned('rebuild', state);
      const idleMs = nowMs - (run.closedAtMs ?? row.openedAtMs);
      return unowned(idleMs >= Math.max(SHORTEST_GRACE_MS, ORPHAN_GRACE_MS / speed) ? 'cleanup' : 'wait', state);
    }
    case 'refused':
    case 'absent':
    case 'released':
      return [];
  }
}
