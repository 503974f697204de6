import type { Creation } from '../contracts/creation.ts';
import type { Audit, RegionAudit, RegionAudits, UnreachableLocation } from '../contracts/findings.ts';
import type { Location } from '../contracts/health.ts';
import { REGION_AUDITS_AT_ONCE } from '../contracts/limits.ts';
import { providerQueue } from '../contracts/queues.ts';
import type { Trace } from '../contracts/reports.ts';
import { checkAt, ledger } from './activity-options.ts';
import { asApplicationFailure, failureOf, isNotTaken } from './failures.ts';

/** Where to look; null for everywhere that the ledger has been. */
interface Where {
  readonly locations: readonly Location[] | null;
}

/** Has each provider's worker compare its regions with the ledger and Temporal. Changes nothing. */
export async function auditRegions({ locations }: Where): Promise<RegionAudits> {
  const all = [...(locations ?? (await ledger('Read the places').locations()))];
  const regions: RegionAudit[] = [];
  const unreachable: UnreachableLocation[] = [];
  while (all.length > 0) {
    for (const seen of await Promise.all(all.splice(0, REGION_AUDITS_AT_ONCE).map(auditOf))) {
      if ('why' in seen) unreachable.push(seen);
      else regions.push(seen);
    }
  }
  return { regions, unreachable };
}

/** Every disagreement that can be found: inside the ledger, between it and Temporal, and with each provider. */
export async function auditAll(where: Where): Promise<Audit> {
  const [books, owners, seen] = await Promise.all([
    ledger('Audit the ledger').audit(),
    ledger('Look for owners of nothing').auditOwners(),
    auditRegions(where),
  ]);
  return { ledger: books, temporal: owners, ...seen };
}

/** What Temporal still knows of a cluster that the ledger does not; null where it knows nothing. */
export async function traceCluster(input: { readonly key: string; readonly clusterId: string }): Promise<Trace | null> {
  return ledger(`Look for traces of ${input.key}`).trace(input);
}

/** Writes a creation's row again; fails with InvalidRequest where the ledger has it, or another in its place. */
export async function restoreCreation(trace: Trace): Promise<Creation> {
  try {
    return await ledger(`Write the row of ${trace.key} again`).restore(trace);
  } catch (error) {
    throw asApplicationFailure(failureOf(error));
  }
}

/** One try: where nobody takes it up, or where it breaks, the place stays unseen, and the others are told all the same. */
async function auditOf({ provider, region }: Location): Promise<RegionAudit | UnreachableLocation> {
  try {
    return await checkAt(providerQueue(provider), `Compare ${provider} in ${region}`).auditRegion({ region });
  } catch (error) {
    if (isNotTaken(error)) return { provider, region, why: `nobody polls ${providerQueue(provider)}` };
    const { type, message } = failureOf(error);
    return { provider, region, why: `${type}: ${message}` };
  }
}
