import { createHash } from 'node:crypto';
import { validationError } from './errors.ts';

/** The place of an item in an order: the page after it begins where the key is greater. */
type SortKey = readonly [number | string, string];

export interface PageRequest<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => SortKey;
  readonly descending: boolean;
  readonly limit: number;
  readonly nextToken: string | undefined;
  /** What the token belongs to: a token of one query does not open another. */
  readonly query: unknown;
}

/**
 * One page and the token of the next. Tokens name the last item and not its index, so that births and deaths between
 * two pages neither repeat nor hide anything.
 */
export function pageOf<T>(request: PageRequest<T>): { items: T[]; nextToken: string | undefined } {
  const { keyOf, limit } = request;
  const direction = request.descending ? -1 : 1;
  const ordered = [...request.items].sort((a, b) => direction * compare(keyOf(a), keyOf(b)));
  const digest = createHash('sha256').update(JSON.stringify(request.query)).digest('base64url').slice(0, 12);
  const after = request.nextToken === undefined ? undefined : readToken(request.nextToken, digest);
  const rest = after === undefined ? ordered : ordered.filter((item) => direction * compare(keyOf(item), after) > 0);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, nextToken: last === undefined || rest.length <= limit ? undefined : writeToken(keyOf(last), digest) };
}

/** Whether a time lies strictly inside the bounds; `undefined` bounds nothing. All in seconds since the epoch. */
export function isWithin(timeS: number, afterS: number | undefined, beforeS: number | undefined): boolean {
  return (afterS === undefined || timeS > afterS) && (beforeS === undefined || timeS < beforeS);
}

function compare([aFirst, aId]: SortKey, [bFirst, bId]: SortKey): number {
  if (aFirst !== bFirst) return aFirst < bFirst ? -1 : 1;
  return aId === bId ? 0 : aId < bId ? -1 : 1;
}

function writeToken(key: SortKey, digest: string): string {
  return Buffer.from(JSON.stringify([digest, ...key])).toString('base64url');
}

function readToken(token: string, digest: string): SortKey {
  try {
    const [owner, first, id] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[];
    const valid =
      owner === digest && (typeof first === 'number' || typeof first === 'string') && typeof id === 'string';
    if (valid) return [first, id];
  } catch {
    // not a token of ours; told below like a token of another query
  }
  throw validationError('The NextToken is not valid for this request.');
}
