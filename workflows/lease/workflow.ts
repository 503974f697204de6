import { continueAsNew } from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import type { Warned } from './state.ts';
import { leaseWithTerms } from './with-terms.ts';
import { leaseWithoutTerms } from './without-terms.ts';

/** A lease's creation as it was when it started; a run that goes on from another also gets what that one warned of. */
interface LeaseInput {
  readonly creation: Creation;
  readonly warned?: Warned;
}

/**
 * Owns a ready cluster until it is released, its time or its money is over, or its policy gives it up as broken; then
 * deletes it, with proof, and books its cost.
 *
 * A run goes on in a new one each LEASE_RUN_MS, or when its history has grown long: histories stay short, and a change of
 * this code is in force a day later, also for leases of a year. Everything but its warnings a run reads anew.
 */
export async function leaseCluster({ creation, warned }: LeaseInput): Promise<Creation> {
  // Creations of before there were terms have none, or do not even know of them.
  if (!creation.terms) return leaseWithoutTerms(creation);
  const end = await leaseWithTerms(creation, creation.terms, warned ?? null);
  if ('ended' in end) return end.ended;
  return continueAsNew<typeof leaseCluster>(end);
}
