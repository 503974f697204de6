/** A call that a provider refuses, in the provider's own words. */
export class Refusal extends Error {
  /** The provider's error type or code; in the journal, and on the wire where the provider sends one. */
  readonly type: string;
  /** The HTTP status. */
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/**
 * Makes a refusal of anything that an operation threw.
 * @param internalType the provider's error type for a failure of its own, which has status 500
 */
export function toRefusal(error: unknown, internalType: string): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal(internalType, error instanceof Error ? error.message : String(error), 500);
}
