import { Refusal } from '../core/refusal.ts';
import { missingParameter } from './errors.ts';
import type { Parameters } from './parameters.ts';

/** The form of the service's region ids, such as cn-hangzhou, ap-southeast-1 and cn-shanghai-finance-1. */
const REGION = /^(cn|ap|us|eu|me|na|sa|rus)(-[a-z]+\d*)+(-\d+)?(-[a-z]+\d*)*(-\d+)?$/;

/**
 * The region that a call is for. Every region of the right form exists, each with its own clusters.
 * @param missing the code of the refusal when the call names none
 * @throws Refusal InvalidRegionId.NotFound for a name that has not the form of a region
 */
export function regionOf(parameters: Parameters, missing = 'MissingParameter'): string {
  const region = parameters['RegionId'] ?? '';
  if (region === '') throw missingParameter('RegionId', missing);
  if (!REGION.test(region)) {
    throw new Refusal('InvalidRegionId.NotFound', 'The specified parameter "RegionId" is not valid.', 404);
  }
  return region;
}
