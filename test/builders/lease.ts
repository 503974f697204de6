import type { Creation, LeaseTerms } from '../../contracts/creation.ts';
import { initialState, type LeaseState } from '../../workflows/lease/state.ts';
import { aCreation, LEASED_AT_MS, leaseTerms } from './creation.ts';

/** A lease at the start of its first run, with fields of its terms and of its creation replaced. */
export const aLease = (
  terms: Partial<LeaseTerms> = {},
  creation: Partial<Creation> = {},
  nowMs = LEASED_AT_MS,
): LeaseState => initialState({ creation: aCreation({ ...creation, terms: leaseTerms(terms) }) }, nowMs);
