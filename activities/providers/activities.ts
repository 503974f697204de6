import type { ProviderActivities } from '../../contracts/activities.ts';
import type { RegionAudit } from '../../contracts/findings.ts';
import type { Check } from '../../contracts/health.ts';
import { FALLBACK_UNMONITORED_MS, LEASE_LOOK_MS } from '../../contracts/limits.ts';
import { toFailure, toEndlessRetryFailure, failure } from '../failures.ts';
import { withTypedFailures } from '../typed-failures.ts';
import type { ProviderLedger } from '../ledger/provider-ledger.ts';
import type { Timing } from './absence.ts';
import { checkProvider } from './check.ts';
import { createCluster } from './create-cluster.ts';
import { inspect } from './inspect.ts';
import { makeAbsent } from './make-absent.ts';
import { moveExpiry } from './move-expiry.ts';
import { lookAt, observe } from './observe.ts';
import type { Provider } from './provider.ts';
import { removeLateCluster } from './remove-late-cluster.ts';

/** What the steps know of the monitors that look for them. */
export interface Monitoring {
  /** How long a workflow of the region waits for a hint before it looks unasked, ms. Never fails. */
  fallbackMs(region: string): Promise<number>;
  auditRegion(region: string): Promise<RegionAudit>;
  /** Whether the region is watched, and how that goes. */
  check(region: string): Promise<readonly Check[]>;
}

/** Nobody monitors: every workflow looks for itself. */
export const UNMONITORED: Monitoring = {
  fallbackMs: () => Promise.resolve(FALLBACK_UNMONITORED_MS),
  auditRegion: () => Promise.reject(failure('Unavailable', 'this worker keeps no monitors')),
  check: () => Promise.resolve([]),
};

/** The steps at one provider, the same for all of them. */
export function providerActivities(
  provider: Provider,
  providerLedger: ProviderLedger,
  timing: Timing,
  monitoring: Monitoring = UNMONITORED,
): ProviderActivities {
  const fallbackOf = async (key: string): Promise<number> => {
    const row = await providerLedger.read(key);
    return row === undefined ? FALLBACK_UNMONITORED_MS / timing.speed : monitoring.fallbackMs(row.region);
  };
  const forward: Pick<ProviderActivities, 'createCluster' | 'observe' | 'look'> = {
    createCluster: async ({ key }) => {
      const outcome = await createCluster(provider, providerLedger, key, timing);
      return outcome.kind === 'created' ? { ...outcome, fallbackMs: await fallbackOf(key) } : outcome;
    },
    observe: ({ key, clusterId }) => observe(provider, providerLedger, key, clusterId, timing),
    look: async ({ key, clusterId }) => {
      const seen = await lookAt(provider, providerLedger, key, clusterId, timing);
      if ('access' in seen) return { kind: 'usable', access: seen.access };
      return { kind: 'not-yet', detail: seen.detail, fallbackMs: await fallbackOf(key) };
    },
  };
  // A lease has nowhere to go on to: whatever goes wrong with these is tried again, and shows why.
  const leased: Pick<ProviderActivities, 'inspect' | 'moveExpiry'> = {
    inspect: async ({ key, clusterId }) => ({
      ...(await inspect(provider, providerLedger, key, clusterId, timing)),
      fallbackMs: Math.min(await fallbackOf(key), LEASE_LOOK_MS / timing.speed),
    }),
    moveExpiry: ({ key, clusterId }) => moveExpiry(provider, providerLedger, key, clusterId),
  };
  const looks: Pick<ProviderActivities, 'checkProvider' | 'auditRegion'> = {
    checkProvider: async ({ region }) => [
      ...(await checkProvider(provider, region)),
      ...(await monitoring.check(region)),
    ],
    auditRegion: ({ region }) => monitoring.auditRegion(region),
  };
  const compensation: Pick<ProviderActivities, 'makeAbsent' | 'removeLateCluster'> = {
    makeAbsent: ({ key }) => makeAbsent(provider, providerLedger, key, timing),
    removeLateCluster: ({ key, clusterId }) => removeLateCluster(provider, providerLedger, key, clusterId, timing),
  };
  return {
    ...withTypedFailures({ ...forward, ...looks }, toFailure),
    ...withTypedFailures({ ...leased, ...compensation }, toEndlessRetryFailure),
  };
}
