import type { Finding } from '../../contracts/findings.ts';
import { leaseWorkflowId, requestOfWorkflow } from '../../contracts/ids.ts';
import type { Phase } from '../../contracts/phases.ts';
import type { MonitoredCreation, MonitorLedger } from '../ledger/monitor-ledger.ts';
import type { FoundCluster, Provider } from '../providers/provider.ts';
import type { Timing } from '../providers/timing.ts';
import { compareClusters, compareOwner, type ClosedRun } from './compare.ts';
import type { OwnerRuns } from './owner-runs.ts';

/** What a sweep works with. */
export interface MonitorContext {
  readonly provider: Provider;
  readonly monitorLedger: MonitorLedger;
  readonly ownerRuns: OwnerRuns;
  readonly timing: Timing;
  /** The clock that the ends of runs are compared with, ms since the epoch: the process's own unless a test sets it. */
  readonly clock?: () => number;
}

/** What a region contains, and how it differs from the ledger and Temporal. */
export interface RegionSnapshot {
  /** The ledger's time, ms since the epoch. */
  readonly nowMs: number;
  readonly rows: readonly MonitoredCreation[];
  /** Clusters that carry a key of this installation. */
  readonly listed: readonly FoundCluster[];
  /** Clusters that carry a key of another installation; empty unless all installations were listed. */
  readonly foreign: readonly FoundCluster[];
  readonly findings: readonly Finding[];
}

/** All keys begin with this, whichever installation made them. The installation's id follows. */
const KEY_PREFIX = 'mu-';

/** What a snapshot reads. */
export interface SnapshotOptions {
  /** Whose clusters are listed. */
  readonly list: 'this-installation' | 'all-installations';
  /** Whether rows are compared with the owners that run, too. */
  readonly withOwners: boolean;
}

/**
 * Lists all clusters of a region and compares them with the ledger. It only reads. The order matters: rows are read before
 * the listing, which must show their clusters; other keys that it shows are looked up after it, when the ledger must know
 * them: the ledger writes a key before anything is sent.
 */
export async function takeRegionSnapshot(
  { provider, monitorLedger, ownerRuns, timing, clock = Date.now }: MonitorContext,
  region: string,
  { list, withOwners }: SnapshotOptions,
): Promise<RegionSnapshot> {
  const ownPrefix = `${KEY_PREFIX}${await monitorLedger.installationId()}-`;
  const { nowMs, rows } = await monitorLedger.rows(region);
  const prefix = list === 'this-installation' ? ownPrefix : KEY_PREFIX;
  const all = (await provider.list(region, prefix)).filter(({ name }) => name.startsWith(KEY_PREFIX));
  const listed = all.filter(({ name }) => name.startsWith(ownPrefix));
  const active = new Set(rows.map(({ key }) => key));
  const otherKeys = [...new Set(listed.map(({ name }) => name))].filter((name) => !active.has(name));
  const known = otherKeys.length === 0 ? [] : await monitorLedger.known(otherKeys);
  const findings: Finding[] = compareClusters({ nowMs, rows, listed, known, speed: timing.speed });
  if (withOwners) {
    findings.push(...(await compareOwners({ rows, listed, ownerRuns, nowMs: clock(), speed: timing.speed })));
  }
  return { nowMs, rows, listed, foreign: all.filter((each) => !listed.includes(each)), findings };
}

interface OwnerReadings {
  readonly rows: readonly MonitoredCreation[];
  readonly listed: readonly FoundCluster[];
  readonly ownerRuns: OwnerRuns;
  readonly nowMs: number;
  readonly speed: number;
}

/** Whether a lease has released its cluster, or never ran. A lease that was terminated has left its cluster. */
const hasLeftNothing = (lease: ClosedRun | undefined): boolean =>
  lease !== undefined && (lease.completed || lease.closedAtMs === null);

const WAITING: Phase = 'waiting';

/** Finds rows whose owner does not run, and requests that wait although they own no row. */
async function compareOwners({ rows, listed, ownerRuns, nowMs, speed }: OwnerReadings): Promise<Finding[]> {
  const running = await ownerRuns.running();
  const closedRuns = new Map<string, ClosedRun | undefined>();
  const findings: Finding[] = [];
  for (const row of rows) {
    if (running.has(row.owner)) continue;
    if (!closedRuns.has(row.owner)) closedRuns.set(row.owner, await ownerRuns.closedRun(row.owner));
    const run = closedRuns.get(row.owner);
    // A ledger that was restored from an older backup may not have recorded the cluster.
    const carrier = listed.find(({ name }) => name === row.key);
    const clusterId = row.clusterId ?? carrier?.clusterId ?? null;
    const lease = leaseWorkflowId(row.requestId, row.number);
    const maybeInUse =
      running.has(lease) ||
      // A request completes only when a creation is leased. It was this one, unless no cluster shows and the lease ended.
      (run?.completed === true && (carrier !== undefined || !hasLeftNothing(await ownerRuns.closedRun(lease))));
    findings.push(...compareOwner({ ...row, clusterId }, run, { nowMs, speed, maybeInUse }));
  }
  const owners = new Set(rows.map(({ owner }) => owner));
  for (const [owner, phase] of running) {
    const requestId = requestOfWorkflow(owner);
    if (requestId !== undefined && phase === WAITING && !owners.has(owner)) {
      findings.push({ kind: 'orphaned-wait', requestId, owner });
    }
  }
  return findings;
}
