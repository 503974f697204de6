import type { Finding } from '../../contracts/findings.ts';
import { leaseWorkflowId, requestOfWorkflow } from '../../contracts/ids.ts';
import type { Phase } from '../../contracts/phases.ts';
import type { FoundCluster, Provider } from '../providers/provider.ts';
import type { Timing } from '../providers/timing.ts';
import type { MonitorLedger, MonitoredCreation } from '../ledger/monitor-ledger.ts';
import { compareClusters, compareOwner, type OwnerRun } from './compare.ts';
import type { OwnerRuns } from './owner-runs.ts';

/** What a sweep works with. */
export interface MonitorContext {
  readonly provider: Provider;
  readonly monitorLedger: MonitorLedger;
  readonly runs: OwnerRuns;
  readonly timing: Timing;
  /** The clock that Temporal tells the ends of runs by, ms since the epoch; the process's own unless a test sets it. */
  readonly clock?: () => number;
}

/** What one look at a region has found. */
export interface RegionSnapshot {
  /** The ledger's time, ms since the epoch. */
  readonly nowMs: number;
  readonly rows: readonly MonitoredCreation[];
  /** Clusters that wear a key of this installation. */
  readonly listed: readonly FoundCluster[];
  /** Those that wear keys of others. */
  readonly others: readonly FoundCluster[];
  readonly findings: readonly Finding[];
}

/** What all keys begin with, whichever installation made them; what follows is the installation's id. */
const ANY_KEY = 'mu-';

/**
 * Lists a region to its end and compares it with the ledger, and where asked its rows with the owners that run. Reads
 * only. The order matters: what is read of the ledger before the listing must show in it, and what is shown must be
 * known to the ledger after it.
 * @param whom clusters of this installation, or all that wear such keys
 */
export async function takeRegionSnapshot(
  { provider, monitorLedger, runs, timing, clock = Date.now }: MonitorContext,
  region: string,
  whom: 'ours' | 'everybodys',
  withOwners: boolean,
): Promise<RegionSnapshot> {
  const ours = `${ANY_KEY}${await monitorLedger.installationId()}-`;
  const { nowMs, rows } = await monitorLedger.rows(region);
  const all = (await provider.list(region, whom === 'ours' ? ours : ANY_KEY)).filter(({ name }) =>
    name.startsWith(ANY_KEY),
  );
  const listed = all.filter(({ name }) => name.startsWith(ours));
  const active = new Set(rows.map(({ key }) => key));
  const others = [...new Set(listed.map(({ name }) => name))].filter((name) => !active.has(name));
  const known = others.length === 0 ? [] : await monitorLedger.known(others);
  const clusters = compareClusters({ nowMs, rows, listed, known, speed: timing.speed });
  const owned = { rows, listed, runs, nowMs: clock(), speed: timing.speed };
  const findings = withOwners ? [...clusters, ...(await compareOwners(owned))] : clusters;
  return { nowMs, rows, listed, others: all.filter((each) => !listed.includes(each)), findings };
}

interface Owned {
  readonly rows: readonly MonitoredCreation[];
  readonly listed: readonly FoundCluster[];
  readonly runs: OwnerRuns;
  readonly nowMs: number;
  readonly speed: number;
}

/** Whether a lease released its cluster, or never was: one that was terminated left its cluster behind. */
const hasEnded = (lease: OwnerRun): boolean => lease !== undefined && (lease.completed || lease.closedAtMs === null);

const WAITING: Phase = 'waiting';

/**
 * Requests that wait and own no row, and rows whose owner does not run: those that visibility does not show are asked for
 * one by one.
 */
async function compareOwners({ rows, listed, runs, nowMs, speed }: Owned): Promise<Finding[]> {
  const running = await runs.running();
  const asked = new Map<string, OwnerRun>();
  const unowned: Finding[] = [];
  for (const row of rows) {
    if (running.has(row.owner)) continue;
    if (!asked.has(row.owner)) asked.set(row.owner, await runs.stateOf(row.owner));
    const run = asked.get(row.owner);
    // The row may not have learned its cluster before the ledger was set back.
    const carrier = listed.find(({ name }) => name === row.key);
    const clusterId = row.clusterId ?? carrier?.clusterId ?? null;
    const lease = leaseWorkflowId(row.requestId, row.number);
    const maybeInUse =
      running.has(lease) ||
      // It completes only when a creation is leased: this one, unless nothing of it shows and its lease came to its end.
      (run?.completed === true && (carrier !== undefined || !hasEnded(await runs.stateOf(lease))));
    unowned.push(...compareOwner({ ...row, clusterId }, run, { nowMs, speed, maybeInUse }));
  }
  const owners = new Set(rows.map(({ owner }) => owner));
  for (const [owner, phase] of running) {
    const requestId = requestOfWorkflow(owner);
    if (requestId !== undefined && phase === WAITING && !owners.has(owner)) {
      unowned.push({ kind: 'orphaned-wait', requestId, owner });
    }
  }
  return unowned;
}
