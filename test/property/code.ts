import { ledgerActivities } from '../../activities/ledger/activities.ts';
import { providerActivities } from '../../activities/providers/activities.ts';
import { ProviderError } from '../../activities/providers/errors.ts';
import { decide } from '../../workflows/provision/decide.ts';

/** The code under test: what decides, and what acts. A test of the tests puts an altered copy in its place. */
export interface Code {
  readonly decide: typeof decide;
  readonly providerActivities: typeof providerActivities;
  readonly ledgerActivities: typeof ledgerActivities;
  readonly ProviderError: typeof ProviderError;
}

/** As it is. */
export const REAL: Code = { decide, providerActivities, ledgerActivities, ProviderError };
