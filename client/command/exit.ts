import { ConfigError } from '../../platform/config.ts';
import { MusterError } from '../errors.ts';

/**
 * Exit codes. `failed`: a request did not become ready, or a check found a fault. `invalid`: the input is wrong.
 * `unreachable`: Temporal or a worker does not answer.
 */
export const EXIT = { ok: 0, failed: 1, invalid: 2, unreachable: 3 } as const;

/** The exit code for an error; an unexpected error is a failure. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError) return EXIT.invalid;
  return error instanceof MusterError ? EXIT[error.kind] : EXIT.failed;
}
