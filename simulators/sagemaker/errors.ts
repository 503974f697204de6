import { Refusal } from '../core/refusal.ts';

/** The refusal of a request that breaks a rule which the shapes of its members cannot express. */
export function validationError(message: string): Refusal {
  return new Refusal('ValidationException', message);
}

/** What Describe, Delete and the node calls say about a cluster that does not exist, or is not visible yet. */
export function clusterNotFound(nameOrArn: string): Refusal {
  return new Refusal('ResourceNotFound', `Cluster with name or ARN ${nameOrArn} does not exist.`);
}
