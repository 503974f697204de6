/** A refusal in the service's own terms: the type is the wire's `__type`. */
export class AwsError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/** A request that breaks a rule which the shapes alone cannot say. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** What Describe, Delete and the node calls say about a cluster that is not there, or not visible yet. */
export function clusterNotFound(nameOrArn: string): AwsError {
  return new AwsError('ResourceNotFound', `Cluster with name or ARN ${nameOrArn} does not exist.`);
}
