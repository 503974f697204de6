import type { Finding, RegionAudit } from '../../contracts/findings.ts';
import { MAX_FINDINGS_PER_KIND } from '../../contracts/limits.ts';
import { clusterPrice } from '../providers/cluster-price.ts';
import { takeRegionSnapshot, type MonitorContext } from './region-snapshot.ts';

/** Strays whose units are read for a price, a call each. Further strays have the listing's price or none (policy). */
const MAX_PRICED = 50;

/** Compares a region with the ledger and Temporal, for people: every cluster with a key, and what strays cost. */
export async function auditRegion(context: MonitorContext, region: string): Promise<RegionAudit> {
  const snapshot = await takeRegionSnapshot(context, region, { list: 'all-installations', withOwners: true });
  const { nowMs, rows, listed, foreign, findings } = snapshot;
  return {
    provider: context.provider.name,
    region,
    atMs: nowMs,
    listed: listed.length,
    active: rows.length,
    findings: await withPrices(context, region, limited(await withRunningOwners(context, findings))),
    foreignClusters: foreign.length,
  };
}

/** Drops the finding that a row closes when the owner that should hear of it does not run. */
async function withRunningOwners({ ownerRuns }: MonitorContext, findings: readonly Finding[]): Promise<Finding[]> {
  const kept: Finding[] = [];
  for (const finding of findings) {
    const owner = finding.kind === 'changed' && finding.observed === 'closing' ? finding.owner : null;
    if (owner === null || (await ownerRuns.closedRun(owner)) === undefined) kept.push(finding);
  }
  return kept;
}

/** At most MAX_FINDINGS_PER_KIND findings of each kind. */
function limited(findings: readonly Finding[]): Finding[] {
  const counts = new Map<Finding['kind'], number>();
  return findings.filter(({ kind }) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= MAX_FINDINGS_PER_KIND;
  });
}

/** Adds to strays their location, and to the first of them what they cost an hour. */
async function withPrices(
  { provider }: MonitorContext,
  region: string,
  findings: readonly Finding[],
): Promise<Finding[]> {
  const all: Finding[] = [];
  let strays = 0;
  for (const finding of findings) {
    if (finding.kind !== 'stray') {
      all.push(finding);
      continue;
    }
    const { hourlyMicros: listedMicros, ...cluster } = finding;
    const billed = listedMicros === null ? {} : { hourlyMicros: listedMicros };
    strays += 1;
    const hourlyMicros =
      strays > MAX_PRICED ? listedMicros : await clusterPrice(provider, region, { ...cluster, ...billed });
    all.push({ ...cluster, provider: provider.name, region, hourlyMicros });
  }
  return all;
}
