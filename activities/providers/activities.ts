import type { ProviderActivities } from '../../contracts/activities.ts';
import type { Survey } from '../../contracts/findings.ts';
import type { Check } from '../../contracts/health.ts';
import { FALLBACK_UNWATCHED_MS, LEASE_LOOK_MS } from '../../contracts/limits.ts';
import { asFailure, asNeverGivenUp, failure } from '../failures.ts';
import { guarded } from '../guard.ts';
import type { Sends } from '../ledger/sends.ts';
import type { Pace } from './absence.ts';
import { checkProvider } from './check.ts';
import { createCluster } from './create-cluster.ts';
import { inspect } from './inspect.ts';
import { makeAbsent } from './make-absent.ts';
import { moveExpiry } from './move-expiry.ts';
import { lookAt, observe } from './observe.ts';
import type { Provider } from './provider.ts';
import { removeLateBirth } from './remove-late-birth.ts';

/** What the steps know of the watches that look for them. */
export interface Watching {
  /** How long a workflow of the region waits for a hint before it looks unasked, ms. Never fails. */
  fallbackMs(region: string): Promise<number>;
  survey(region: string): Promise<Survey>;
  /** Whether the region is watched, and how that goes. */
  check(region: string): Promise<readonly Check[]>;
}

/** Nobody watches: every workflow looks for itself. */
export const UNWATCHED: Watching = {
  fallbackMs: () => Promise.resolve(FALLBACK_UNWATCHED_MS),
  survey: () => Promise.reject(failure('Unavailable', 'this worker keeps no watches')),
  check: () => Promise.resolve([]),
};

/** The steps at one provider, the same for all of them. */
export function providerActivities(
  provider: Provider,
  sends: Sends,
  pace: Pace,
  watching: Watching = UNWATCHED,
): ProviderActivities {
  const fallbackOf = async (key: string): Promise<number> => {
    const row = await sends.read(key);
    return row === undefined ? FALLBACK_UNWATCHED_MS / pace.speed : watching.fallbackMs(row.region);
  };
  const forward: Pick<ProviderActivities, 'createCluster' | 'observe' | 'look'> = {
    createCluster: async ({ key }) => {
      const outcome = await createCluster(provider, sends, key, pace);
      return outcome.kind === 'created' ? { ...outcome, fallbackMs: await fallbackOf(key) } : outcome;
    },
    observe: ({ key, clusterId }) => observe(provider, sends, key, clusterId, pace),
    look: async ({ key, clusterId }) => {
      const seen = await lookAt(provider, sends, key, clusterId, pace);
      if ('access' in seen) return { kind: 'usable', access: seen.access };
      return { kind: 'not-yet', detail: seen.detail, fallbackMs: await fallbackOf(key) };
    },
  };
  // A lease has nowhere to go on to: whatever goes wrong with these is tried again, and shows why.
  const leased: Pick<ProviderActivities, 'inspect' | 'moveExpiry'> = {
    inspect: async ({ key, clusterId }) => ({
      ...(await inspect(provider, sends, key, clusterId, pace)),
      fallbackMs: Math.min(await fallbackOf(key), LEASE_LOOK_MS / pace.speed),
    }),
    moveExpiry: ({ key, clusterId }) => moveExpiry(provider, sends, key, clusterId),
  };
  const looks: Pick<ProviderActivities, 'checkProvider' | 'survey'> = {
    checkProvider: async ({ region }) => [
      ...(await checkProvider(provider, region)),
      ...(await watching.check(region)),
    ],
    survey: ({ region }) => watching.survey(region),
  };
  const compensation: Pick<ProviderActivities, 'makeAbsent' | 'removeLateBirth'> = {
    makeAbsent: ({ key }) => makeAbsent(provider, sends, key, pace),
    removeLateBirth: ({ key, clusterId }) => removeLateBirth(provider, sends, key, clusterId, pace),
  };
  return {
    ...guarded({ ...forward, ...looks }, asFailure),
    ...guarded({ ...leased, ...compensation }, asNeverGivenUp),
  };
}
