import { continueAsNew } from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import type { CarriedOver } from './state.ts';
import { leaseWithTerms } from './with-terms.ts';
import { leaseWithoutTerms } from './without-terms.ts';

/** A lease's creation as it was when it started; a run that goes on from another gets what that one handed on. */
type LeaseInput = Pick<CarriedOver, 'creation'> & Partial<CarriedOver>;

/**
 * Owns a ready cluster until it is released, its time or its money is over, or its policy gives it up as broken; then
 * deletes it, with proof, and books its cost.
 *
 * A run goes on in a new one each LEASE_RUN_MS, or when its history has grown long: histories stay short, and a change of
 * this code is in force a day later, also for leases of a year. What a run hands on is little (`Carried`); all else is read anew.
 */
export async function leaseCluster({ creation, warned = null, order = null }: LeaseInput): Promise<Creation> {
  // Creations of before there were terms have none, or do not even know of them.
  if (!creation.terms) return leaseWithoutTerms(creation);
  const end = await leaseWithTerms({ creation, warned, order }, creation.terms);
  if ('ended' in end) return end.ended;
  return continueAsNew<typeof leaseCluster>(end.next);
}
