import { Refusal } from '../core/refusal.ts';

/*
 * Codes and statuses of refusals, here and in the operations, are those of the service's public error tables. A comment
 * says where one is a guess.
 */

/** The refusal of a call without a mandatory parameter. */
export function missingParameter(name: string, code = 'MissingParameter'): Refusal {
  return new Refusal(
    code,
    `The input parameter ${name} that is mandatory for processing this request is not supplied.`,
  );
}

/** What RunInstances and DescribeInstances say about a container that does not exist, or is not visible yet. */
export function hpcClusterNotFound(): Refusal {
  return new Refusal('InvalidHpcClusterId.NotFound', 'The specified HpcClusterId is not found.');
}

/** What the instance calls say about an instance that does not exist. The tables have the code; 404 is a guess. */
export function instanceNotFound(): Refusal {
  return new Refusal('InvalidInstanceId.NotFound', 'The specified InstanceId does not exist.', 404);
}
