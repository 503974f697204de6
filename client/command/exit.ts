import { ConfigError } from '../../platform/config.ts';
import { MusterError } from '../errors.ts';

/**
 * What the process ends with: a request did not become ready, or a look found what is not well; the input is wrong; the
 * service does not answer.
 */
export const EXIT = { fine: 0, failed: 1, invalid: 2, unreachable: 3 } as const;

/** The exit code that an error leads to; what nobody foresaw is a failure. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError) return EXIT.invalid;
  return error instanceof MusterError ? EXIT[error.kind] : EXIT.failed;
}
