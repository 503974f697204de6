import type { Finding, Survey } from '../../contracts/findings.ts';
import { MAX_STRAYS } from '../../contracts/limits.ts';
import { hourlyOf } from '../providers/worth.ts';
import { lookAround, type Lookout } from './look-around.ts';

/** One look at a region for people: everything that wears such keys, and what strays cost. Changes nothing. */
export async function survey(lookout: Lookout, region: string): Promise<Survey> {
  const { nowMs, rows, listed, others, findings } = await lookAround(lookout, region, 'everybodys', true);
  return {
    provider: lookout.provider.name,
    region,
    atMs: nowMs,
    listed: listed.length,
    active: rows.length,
    findings: await priced(lookout, region, capped(findings)),
    othersClusters: others.length,
  };
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

/** Strays with their place, and with what they cost an hour where it can be told: a call each, one after another. */
async function priced({ provider }: Lookout, region: string, findings: readonly Finding[]): Promise<Finding[]> {
  const all: Finding[] = [];
  for (const finding of findings) {
    if (finding.kind !== 'stray') {
      all.push(finding);
      continue;
    }
    const { hourlyMicros, ...cluster } = finding;
    const told = hourlyMicros === null ? {} : { hourlyMicros };
    const worth = await hourlyOf(provider, region, { ...cluster, ...told });
    all.push({ ...cluster, provider: provider.name, region, hourlyMicros: worth });
  }
  return all;
}
