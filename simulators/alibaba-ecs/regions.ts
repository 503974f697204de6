import { EcsError, missingParameter } from './errors.ts';
import type { Parameters } from './parameters.ts';

/** The form of the service's region ids, such as cn-hangzhou, ap-southeast-1 and cn-shanghai-finance-1. */
const REGION = /^(cn|ap|us|eu|me|na|sa|rus)(-[a-z]+\d*)+(-\d+)?(-[a-z]+\d*)*(-\d+)?$/;

/**
 * The region a call is for. Every region of the form is served, each with its own clusters.
 * @param missing code for a call without one
 * @throws EcsError InvalidRegionId.NotFound for what is no region
 */
export function regionOf(parameters: Parameters, missing = 'MissingParameter'): string {
  const region = parameters['RegionId'] ?? '';
  if (region === '') throw missingParameter('RegionId', missing);
  if (!REGION.test(region)) {
    throw new EcsError('InvalidRegionId.NotFound', 'The specified parameter "RegionId" is not valid.', 404);
  }
  return region;
}
