/**
 * A refusal in the service's own terms. Codes and statuses are those of the service's public error tables; a comment
 * stands where one is a guess.
 */
export class EcsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function missingParameter(name: string, code = 'MissingParameter'): EcsError {
  return new EcsError(
    code,
    `The input parameter ${name} that is mandatory for processing this request is not supplied.`,
  );
}

/** The container of a call that is not there, or not visible yet: what RunInstances says, and the table of DescribeInstances. */
export function hpcClusterNotFound(): EcsError {
  return new EcsError('InvalidHpcClusterId.NotFound', 'The specified HpcClusterId is not found.');
}

/** The tables of the instance calls name the code; its status, 404, is a guess. */
export function instanceNotFound(): EcsError {
  return new EcsError('InvalidInstanceId.NotFound', 'The specified InstanceId does not exist.', 404);
}
