import type { CommonActivities } from '../../contracts/activities.ts';
import { planRequest } from '../../contracts/planning.ts';
import { faultsText, parseRequest } from '../../contracts/request.ts';
import { canonicalHash } from '../../platform/canonical-hash.ts';
import { failure, toFailure } from '../failures.ts';
import { withTypedFailures } from '../typed-failures.ts';

/** Steps without credentials. @param speed how much faster than real the providers' time runs */
export function commonActivities(speed: number): CommonActivities {
  return withTypedFailures<CommonActivities>(
    {
      plan: async (input) => {
        const parsed = parseRequest(input);
        if ('faults' in parsed) throw failure('InvalidRequest', faultsText(parsed.faults));
        const plan = planRequest(parsed.request, canonicalHash(parsed.request), speed);
        if ('type' in plan) throw failure(plan.type, plan.message);
        return Promise.resolve(plan);
      },
    },
    toFailure,
  );
}
