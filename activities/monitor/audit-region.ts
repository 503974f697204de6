import type { Finding, RegionAudit } from '../../contracts/findings.ts';
import { MAX_STRAYS } from '../../contracts/limits.ts';
import { clusterPrice } from '../providers/cluster-price.ts';
import { takeRegionSnapshot, type MonitorContext } from './region-snapshot.ts';

/** Strays whose price is asked for: the rest have none but what the listing tells (policy: a look takes minutes at most). */
const MAX_PRICED = 50;

/** One look at a region for people: everything that wears such keys, and what strays cost. Changes nothing. */
export async function auditRegion(monitorContext: MonitorContext, region: string): Promise<RegionAudit> {
  const { nowMs, rows, listed, others, findings } = await takeRegionSnapshot(
    monitorContext,
    region,
    'everybodys',
    true,
  );
  return {
    provider: monitorContext.provider.name,
    region,
    atMs: nowMs,
    listed: listed.length,
    active: rows.length,
    findings: await priced(monitorContext, region, capped(await withSomebodyToTell(monitorContext, findings))),
    othersClusters: others.length,
  };
}

/** Where the owner of before does not run, there is nobody to tell that its row closes. */
async function withSomebodyToTell({ runs }: MonitorContext, findings: readonly Finding[]): Promise<Finding[]> {
  const told: Finding[] = [];
  for (const finding of findings) {
    const toldOwner = finding.kind === 'changed' && finding.seen === 'closing' ? finding.owner : null;
    if (toldOwner === null || (await runs.stateOf(toldOwner)) === undefined) told.push(finding);
  }
  return told;
}

/** At most MAX_STRAYS of each kind. */
function capped(findings: readonly Finding[]): Finding[] {
  const counts = new Map<Finding['kind'], number>();
  return findings.filter(({ kind }) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= MAX_STRAYS;
  });
}

/** Strays with their place, and the first of them with what they cost an hour: a call each, one after another. */
async function priced({ provider }: MonitorContext, region: string, findings: readonly Finding[]): Promise<Finding[]> {
  const all: Finding[] = [];
  let asked = 0;
  for (const finding of findings) {
    if (finding.kind !== 'stray') {
      all.push(finding);
      continue;
    }
    const { hourlyMicros, ...cluster } = finding;
    const told = hourlyMicros === null ? {} : { hourlyMicros };
    asked += 1;
    const worth = asked > MAX_PRICED ? hourlyMicros : await clusterPrice(provider, region, { ...cluster, ...told });
    all.push({ ...cluster, provider: provider.name, region, hourlyMicros: worth });
  }
  return all;
}
