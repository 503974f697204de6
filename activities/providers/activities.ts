import type { ProviderActivities } from '../../contracts/activities.ts';
import { asFailure, asNeverGivenUp } from '../failures.ts';
import { guarded } from '../guard.ts';
import type { Sends } from '../ledger/sends.ts';
import type { Pace } from './absence.ts';
import { checkProvider } from './check.ts';
import { createCluster } from './create-cluster.ts';
import { makeAbsent } from './make-absent.ts';
import { observe } from './observe.ts';
import type { Provider } from './provider.ts';

/** The steps at one provider, the same for all of them. */
export function providerActivities(provider: Provider, sends: Sends, pace: Pace): ProviderActivities {
  const forward: Pick<ProviderActivities, 'createCluster' | 'observe'> = {
    createCluster: ({ key }) => createCluster(provider, sends, key, pace),
    observe: ({ key, clusterId }) => observe(provider, sends, key, clusterId, pace),
  };
  const checks: Pick<ProviderActivities, 'checkProvider'> = {
    checkProvider: ({ region }) => checkProvider(provider, region),
  };
  const compensation: Pick<ProviderActivities, 'makeAbsent'> = {
    makeAbsent: ({ key }) => makeAbsent(provider, sends, key, pace),
  };
  return { ...guarded({ ...forward, ...checks }, asFailure), ...guarded(compensation, asNeverGivenUp) };
}
