import { Refusal } from '../core/refusal.ts';

/*
 * Types of refusals are the simulator's own names, for the journal: the service sends none.
 */

/** A refusal whose body is not the usual one with a `message`. */
export class RefusalWithDetail extends Refusal {
  readonly detail: unknown;

  constructor(type: string, message: string, status: number, detail: unknown) {
    super(type, message, status);
    this.detail = detail;
  }
}

/** One complaint of FastAPI about a request. */
export interface Complaint {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** 422 as FastAPI words it. */
export function validationError(complaints: readonly Complaint[]): Refusal {
  return new RefusalWithDetail('ValidationError', complaints.map(({ msg }) => msg).join('; '), 422, complaints);
}

/** A refusal by the framework, for a route that does not exist. */
export function frameworkError(status: number, type: string, detail: string): Refusal {
  return new RefusalWithDetail(type, detail, status, detail);
}

/** The refusal of a well-formed request that makes no sense. */
export function invalid(message: string): Refusal {
  return new Refusal('InvalidParameters', message, 400);
}

/** The refusal of a name that is taken. The service has one status for this and for invalid parameters. */
export function nameConflict(name: string): Refusal {
  return new Refusal('NameConflict', `A cluster with the name '${name}' already exists`, 400);
}

/** The refusal for a cluster that does not exist, or is not visible yet. */
export function clusterNotFound(id: string): Refusal {
  return new Refusal('NotFound', `Cluster ${id} not found`, 404);
}
