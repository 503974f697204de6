import type { Audit, RegionAudit, RegionAudits, UnreachableLocation } from '../contracts/findings.ts';
import type { Location } from '../contracts/health.ts';
import { REGION_AUDITS_AT_ONCE } from '../contracts/limits.ts';
import type { AuditedLocations } from '../contracts/operations.ts';
import { providerQueue } from '../contracts/queues.ts';
import { checkAt, ledger } from './activity-options.ts';
import { failureOf, hasNoWorker } from './failures.ts';
import { withStepFailures } from './operations.ts';

/** Has each provider's worker compare its regions with the ledger and Temporal. Changes nothing. */
export const auditRegions = (where: AuditedLocations): Promise<RegionAudits> =>
  withStepFailures(() => auditLocations(where));

/** Compares the ledger with itself, with Temporal and with each provider. Changes nothing. */
export const auditAll = (where: AuditedLocations): Promise<Audit> =>
  withStepFailures(async () => {
    const [ledgerFindings, temporalFindings, audits] = await Promise.all([
      ledger('Audit the ledger').auditLedger(),
      ledger('Find workflows that own nothing').auditOwners(),
      auditLocations(where),
    ]);
    return { ledger: ledgerFindings, temporal: temporalFindings, ...audits };
  });

async function auditLocations({ locations }: AuditedLocations): Promise<RegionAudits> {
  const all = [...(locations ?? (await ledger('List the locations').listLocations()))];
  const regions: RegionAudit[] = [];
  const unreachable: UnreachableLocation[] = [];
  while (all.length > 0) {
    for (const audit of await Promise.all(all.splice(0, REGION_AUDITS_AT_ONCE).map(auditLocation))) {
      if ('why' in audit) unreachable.push(audit);
      else regions.push(audit);
    }
  }
  return { regions, unreachable };
}

/** One try. A location whose worker does not answer, or whose audit fails, must not keep the others from being reported. */
async function auditLocation({ provider, region }: Location): Promise<RegionAudit | UnreachableLocation> {
  try {
    return await checkAt(providerQueue(provider), `Compare ${provider} in ${region}`).auditRegion({ region });
  } catch (error) {
    if (hasNoWorker(error)) return { provider, region, why: `no worker polls ${providerQueue(provider)}` };
    const { type, message } = failureOf(error);
    return { provider, region, why: `${type}: ${message}` };
  }
}
