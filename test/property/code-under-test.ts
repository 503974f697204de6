import { ledgerActivities } from '../../activities/ledger/activities.ts';
import { providerActivities } from '../../activities/providers/activities.ts';
import { ProviderError } from '../../activities/providers/errors.ts';
import { decide } from '../../workflows/provision/decide.ts';

/** The code that decides and acts. A test of the tests puts an altered copy in its place. */
export interface CodeUnderTest {
  readonly decide: typeof decide;
  readonly providerActivities: typeof providerActivities;
  readonly ledgerActivities: typeof ledgerActivities;
  readonly ProviderError: typeof ProviderError;
}

/** The code as it is. */
export const REAL_CODE: CodeUnderTest = { decide, providerActivities, ledgerActivities, ProviderError };
