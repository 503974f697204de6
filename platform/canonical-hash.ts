import { createHash } from 'node:crypto';
import stringify from 'safe-stable-stringify';

/** SHA-256, hex, of a value's JSON with sorted keys: equal values have equal hashes whatever order their fields came in. */
export function canonicalHash(value: unknown): string {
  return createHash('sha256')
    .update(stringify(value) ?? '')
    .digest('hex');
}
