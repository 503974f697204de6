import type { Client } from '@temporalio/client';
import type { Creation } from '../contracts/creation.ts';
import type { Audit, Stray, RegionAudits, UnreachableLocation } from '../contracts/findings.ts';
import type { Location } from '../contracts/health.ts';
import { MAX_STRAYS } from '../contracts/limits.ts';
import type { Trace } from '../contracts/reports.ts';
import { OrderRefusedError } from './errors.ts';
import { failureOfShort } from './workflow-failures.ts';
import type { RunShort } from './short-workflows.ts';
import { defaultLocations } from './default-regions.ts';

/** What was found of clusters that wear keys of this installation, and that its ledger does not know. */
export interface StrayReport {
  readonly strays: readonly Stray[];
  /** Whether a place has more of them than an answer lists. */
  readonly more: boolean;
  /** Where the look was possible. */
  readonly looked: readonly Location[];
  readonly unreachable: readonly UnreachableLocation[];
  /** Clusters that wear keys of other installations. */
  readonly othersClusters: number;
}

/**
 * Looks for what disagrees, for code. Nothing but `restore` changes anything. Without places they look wherever the
 * ledger has been, and in the usual region of each provider that has a worker.
 */
export interface Audits {
  /** Every disagreement inside the ledger; an empty list is well. */
  audit(): Promise<readonly string[]>;
  /** Every disagreement inside the ledger, between it and Temporal, and with the providers. @throws UnreachableError */
  auditAll(locations?: readonly Location[]): Promise<Audit>;
  /** Clusters that look like ours, but that the ledger does not know; nobody touches them. @throws UnreachableError */
  strays(locations?: readonly Location[]): Promise<StrayReport>;
  /** What Temporal still knows of a stray; null where it knows nothing. */
  trace(stray: { readonly key: string; readonly clusterId: string }): Promise<Trace | null>;
  /** Writes a creation's row again. @throws OrderRefusedError where the ledger has it, or has another in its place */
  restore(trace: Trace): Promise<Creation>;
}

export function audits(client: Client, run: RunShort): Audits {
  const auditRegion = (locations: readonly Location[] | null): Promise<RegionAudits> =>
    run('auditRegions', 'places', [{ locations }]);

  /** Adds the usual places that a look at everything the ledger knows of did not come to: a lost ledger knows none. */
  const withUsual = async <T extends RegionAudits>(known: T): Promise<T> => {
    const seen = new Set([...known.regions, ...known.unreachable].map(nameOf));
    const rest = (await defaultLocations(client)).filter((location) => !seen.has(nameOf(location)));
    if (rest.length === 0) return known;
    const { regions, unreachable } = await auditRegion(rest);
    return { ...known, regions: [...known.regions, ...regions], unreachable: [...known.unreachable, ...unreachable] };
  };

  return {
    audit: () => run('auditLedger', 'ledger', []),
    auditAll: async (locations) => {
      const audit = await run('auditAll', 'places', [{ locations: locations ?? null }]);
      return locations ? audit : withUsual(audit);
    },
    strays: async (locations) =>
      strayReport(locations ? await auditRegion(locations) : await withUsual(await auditRegion(null))),
    trace: ({ key, clusterId }) => run('traceCluster', key, [{ key, clusterId }]),
    restore: async (trace) =>
      run('restoreCreation', trace.key, [trace]).catch((error: unknown) => {
        throw refusalOf(trace.key, error) ?? error;
      }),
  };
}

const nameOf = ({ provider, region }: Location): string => `${provider}/${region}`;

/** The strays among all that surveys found. */
export function strayReport({ regions, unreachable }: RegionAudits): StrayReport {
  const byLocation = regions.map(({ findings }) => findings.filter((finding) => finding.kind === 'stray'));
  return {
    strays: byLocation.flat(),
    more: byLocation.some(({ length }) => length >= MAX_STRAYS),
    looked: regions.map(({ provider, region }) => ({ provider, region })),
    unreachable,
    othersClusters: regions.reduce((sum, { othersClusters }) => sum + othersClusters, 0),
  };
}

/** Disagreements of every kind; places that nobody could look at are none, and yet not well. */
export const disagreements = ({ ledger, temporal, regions }: Audit): number =>
  ledger.length + temporal.length + regions.reduce((sum, { findings }) => sum + findings.length, 0);

function refusalOf(key: string, cause: unknown): OrderRefusedError | undefined {
  const failure = failureOfShort(cause);
  if (failure?.type !== 'InvalidRequest') return undefined;
  return new OrderRefusedError(
    'invalid',
    `${key} is not restored: ${failure.message}`,
    'The ledger rules: see what stands.',
    { cause, next: 'muster audit' },
  );
}
