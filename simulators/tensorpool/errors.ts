/** A refusal in the service's own terms. The body of one is known for 422 alone; `message` is what the vendor's client reads first. */
export class Refusal extends Error {
  readonly status: number;
  /** What the journal calls it; it is not on the wire. */
  readonly type: string;
  readonly body: unknown;

  constructor(status: number, type: string, message: string, body: unknown = { message }) {
    super(message);
    this.status = status;
    this.type = type;
    this.body = body;
  }
}

/** One complaint of FastAPI about a request. */
export interface Complaint {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** 422 as FastAPI words it. */
export function validationError(detail: readonly Complaint[]): Refusal {
  return new Refusal(422, 'ValidationError', detail.map(({ msg }) => msg).join('; '), { detail });
}

/** The framework's own refusals carry `detail`, a text. */
export function frameworkError(status: number, type: string, detail: string): Refusal {
  return new Refusal(status, type, detail, { detail });
}

/** A request that is well formed and makes no sense all the same. */
export function invalid(message: string): Refusal {
  return new Refusal(400, 'InvalidParameters', message);
}

/** The service says "invalid parameters" and "name conflict" with one status. */
export function nameConflict(name: string): Refusal {
  return new Refusal(400, 'NameConflict', `A cluster with the name '${name}' already exists`);
}

/** For a cluster that is not there, or not visible yet. */
export function clusterNotFound(id: string): Refusal {
  return new Refusal(404, 'NotFound', `Cluster ${id} not found`);
}
