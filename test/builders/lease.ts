import type { Creation, LeaseTerms } from '../../contracts/creation.ts';
import { atTheStart, type LeaseState } from '../../workflows/lease/state.ts';
import { aCreation, LEASED_AT_MS, leaseTerms } from './creation.ts';

/** A lease as its workflow begins it, with fields of its terms and of its creation replaced. */
export const aLease = (
  terms: Partial<LeaseTerms> = {},
  creation: Partial<Creation> = {},
  nowMs = LEASED_AT_MS,
): LeaseState => atTheStart({ creation: aCreation(creation), warned: null, order: null }, leaseTerms(terms), nowMs);
