import type { Client } from '@temporalio/client';
import type { Creation } from '../contracts/creation.ts';
import type { Audit, RegionAudits, Stray, UnreachableLocation } from '../contracts/findings.ts';
import type { Location } from '../contracts/health.ts';
import { MAX_FINDINGS_PER_KIND } from '../contracts/limits.ts';
import type { Trace } from '../contracts/reports.ts';
import { defaultLocations } from './default-locations.ts';
import type { RunOperation } from './operations.ts';

/** Clusters that carry keys of this installation and that its ledger does not know. */
export interface StrayReport {
  readonly strays: readonly Stray[];
  /** Whether a location has more of them than an answer lists. */
  readonly more: boolean;
  /** Locations that could be searched. */
  readonly searched: readonly Location[];
  readonly unreachable: readonly UnreachableLocation[];
  /** How many clusters carry keys of other installations. */
  readonly foreignClusters: number;
}

/**
 * Searches for disagreements, for code. Only `restore` changes anything. Without locations they search wherever the ledger
 * has creations, and in the default region of each provider that has a worker. All of them throw UnreachableError.
 */
export interface Audits {
  /** Every disagreement inside the ledger; empty when there is none. */
  audit(): Promise<readonly string[]>;
  /** Every disagreement inside the ledger, between it and Temporal, and with the providers. */
  auditAll(locations?: readonly Location[]): Promise<Audit>;
  /** Clusters that look like ours and that the ledger does not know. Muster never touches them. */
  strays(locations?: readonly Location[]): Promise<StrayReport>;
  /** What Temporal still knows of a stray; null when it knows nothing. */
  trace(stray: { readonly key: string; readonly clusterId: string }): Promise<Trace | null>;
  /** Writes a creation's row again. @throws OrderRefusedError when the ledger has it, or has another in its place */
  restore(trace: Trace): Promise<Creation>;
}

export function auditOperations(client: Client, run: RunOperation): Audits {
  const auditRegions = (locations: readonly Location[] | null): Promise<RegionAudits> =>
    run('auditRegions', 'locations', { locations });

  /** Adds the default locations that are missing from an audit of all that the ledger knows: a lost ledger knows none. */
  const withDefaults = async <T extends RegionAudits>(known: T): Promise<T> => {
    const audited = new Set([...known.regions, ...known.unreachable].map(nameOf));
    const rest = (await defaultLocations(client)).filter((location) => !audited.has(nameOf(location)));
    if (rest.length === 0) return known;
    const { regions, unreachable } = await auditRegions(rest);
    return { ...known, regions: [...known.regions, ...regions], unreachable: [...known.unreachable, ...unreachable] };
  };

  return {
    audit: () => run('auditLedger', 'ledger', undefined),
    auditAll: async (locations) => {
      const audit = await run('auditAll', 'locations', { locations: locations ?? null });
      return locations ? audit : withDefaults(audit);
    },
    strays: async (locations) =>
      strayReport(locations ? await auditRegions(locations) : await withDefaults(await auditRegions(null))),
    trace: ({ key, clusterId }) => run('traceCluster', key, { key, clusterId }),
    restore: (trace) => run('restoreCreation', trace.key, trace),
  };
}

const nameOf = ({ provider, region }: Location): string => `${provider}/${region}`;

/** The strays among all findings of region audits. */
export function strayReport({ regions, unreachable }: RegionAudits): StrayReport {
  const byLocation = regions.map(({ findings }) => findings.filter((finding) => finding.kind === 'stray'));
  return {
    strays: byLocation.flat(),
    more: byLocation.some(({ length }) => length >= MAX_FINDINGS_PER_KIND),
    searched: regions.map(({ provider, region }) => ({ provider, region })),
    unreachable,
    foreignClusters: regions.reduce((sum, { foreignClusters }) => sum + foreignClusters, 0),
  };
}

/** How many disagreements an audit found. An unreachable location is not counted: nothing is known of it. */
export const disagreements = ({ ledger, temporal, regions }: Audit): number =>
  ledger.length + temporal.length + regions.reduce((sum, { findings }) => sum + findings.length, 0);
