import type { ProviderActivities } from '../../contracts/activities.ts';
import type { RegionAudit } from '../../contracts/findings.ts';
import type { Check } from '../../contracts/health.ts';
import { FALLBACK_UNMONITORED_MS, LEASE_INSPECTION_MS } from '../../contracts/limits.ts';
import { failure, toEndlessRetryFailure, toFailure } from '../failures.ts';
import type { ProviderLedger } from '../ledger/provider-ledger.ts';
import { withTypedFailures } from '../typed-failures.ts';
import { checkProvider } from './check-provider.ts';
import { checkReadiness } from './check-readiness.ts';
import { createCluster } from './create-cluster.ts';
import { inspectCluster } from './inspect-cluster.ts';
import { makeAbsent } from './make-absent.ts';
import { moveExpiry } from './move-expiry.ts';
import type { Provider } from './provider.ts';
import { removeLateCluster } from './remove-late-cluster.ts';
import { findStep, loadStep, missingRow } from './step-context.ts';
import type { Timing } from './timing.ts';

/** What a provider's steps ask of the monitors of its regions. */
export interface RegionMonitors {
  /** How long a workflow of the region waits for a hint before it checks without one, ms. Never fails. */
  fallbackMs(region: string): Promise<number>;
  auditRegion(region: string): Promise<RegionAudit>;
  /** Whether the region has a monitor, and how that monitor does. */
  check(region: string): Promise<readonly Check[]>;
}

/** For workers without monitors: every workflow checks by itself. */
const NO_MONITORS: RegionMonitors = {
  fallbackMs: () => Promise.resolve(FALLBACK_UNMONITORED_MS),
  auditRegion: () => Promise.reject(failure('Unavailable', 'this worker runs no monitors')),
  check: () => Promise.resolve([]),
};

/** The steps at one provider. They are the same for all providers. */
export function providerActivities(
  provider: Provider,
  ledger: ProviderLedger,
  timing: Timing,
  monitors: RegionMonitors = NO_MONITORS,
): ProviderActivities {
  const tools = { provider, ledger, timing };

  const forward: Pick<ProviderActivities, 'createCluster' | 'checkReadiness'> = {
    createCluster: async ({ key }) => {
      const context = await loadStep(tools, key);
      const outcome = await createCluster(context);
      if (outcome.kind !== 'created') return outcome;
      return { ...outcome, fallbackMs: await monitors.fallbackMs(context.row.region) };
    },
    checkReadiness: async ({ key, clusterId }) => {
      const context = await findStep(tools, key);
      // A ledger that was restored from a backup may lack the row. Nothing is given up for that: people restore the row.
      if (context === undefined) {
        return { kind: 'not-ready', detail: missingRow(key), fallbackMs: FALLBACK_UNMONITORED_MS / timing.speed };
      }
      const readiness = await checkReadiness(context, clusterId);
      if (readiness.kind === 'ready') return readiness;
      return { ...readiness, fallbackMs: await monitors.fallbackMs(context.row.region) };
    },
  };
  // A lease has no other placement to go to. Every failure of these is retried, and the lease shows it.
  const leased: Pick<ProviderActivities, 'inspectCluster' | 'moveExpiry'> = {
    inspectCluster: async ({ key, clusterId }) => {
      const context = await loadStep(tools, key);
      const inspected = await inspectCluster(context, clusterId);
      const fallbackMs = await monitors.fallbackMs(context.row.region);
      return { ...inspected, fallbackMs: Math.min(fallbackMs, LEASE_INSPECTION_MS / timing.speed) };
    },
    moveExpiry: async ({ key, clusterId }) => moveExpiry(await loadStep(tools, key), clusterId),
  };
  const compensations: Pick<ProviderActivities, 'makeAbsent' | 'removeLateCluster'> = {
    makeAbsent: async ({ key }) => makeAbsent(await loadStep(tools, key)),
    removeLateCluster: async ({ key, clusterId }) => removeLateCluster(await loadStep(tools, key), clusterId),
  };
  const checks: Pick<ProviderActivities, 'checkProvider' | 'auditRegion'> = {
    checkProvider: async ({ region }) => [
      ...(await checkProvider(provider, region)),
      ...(await monitors.check(region)),
    ],
    auditRegion: ({ region }) => monitors.auditRegion(region),
  };
  return {
    ...withTypedFailures({ ...forward, ...checks }, toFailure),
    ...withTypedFailures({ ...leased, ...compensations }, toEndlessRetryFailure),
  };
}
