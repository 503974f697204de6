import { createHash } from 'node:crypto';

/** An item's position in an order, compared part by part. */
export type SortKey = readonly (number | string)[];

/** A request for one page of a list. */
export interface PageRequest<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => SortKey;
  readonly descending: boolean;
  readonly limit: number;
  /** The token of the previous page; undefined asks for the first one. */
  readonly nextToken: string | undefined;
  /** What a token belongs to: the token of one query does not open another. */
  readonly query: unknown;
  /** Makes the provider's refusal of a token that does not belong to the query. */
  readonly invalidToken: () => Error;
}

/**
 * One page, and the token of the next one where there is one. A token holds the key of the last item and not its index,
 * so that clusters which come and go between two pages neither repeat nor hide others.
 * @throws what `invalidToken` makes
 */
export function pageOf<T>(request: PageRequest<T>): { items: T[]; nextToken: string | undefined } {
  const { keyOf, limit, nextToken } = request;
  const direction = request.descending ? -1 : 1;
  const ordered = [...request.items].sort((a, b) => direction * compare(keyOf(a), keyOf(b)));
  const digest = createHash('sha256').update(JSON.stringify(request.query)).digest('base64url').slice(0, 12);
  const after = nextToken === undefined ? undefined : readToken(nextToken, digest);
  if (after === null) throw request.invalidToken();
  const rest = after === undefined ? ordered : ordered.filter((item) => direction * compare(keyOf(item), after) > 0);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, nextToken: last === undefined || rest.length <= limit ? undefined : writeToken(keyOf(last), digest) };
}

function compare(a: SortKey, b: SortKey): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? left;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function writeToken(key: SortKey, digest: string): string {
  return Buffer.from(JSON.stringify([digest, ...key])).toString('base64url');
}

/** The key in a token; null for a token of another query, and for anything that is not a token. */
function readToken(token: string, digest: string): SortKey | null {
  try {
    const [owner, ...key] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[];
    const valid = key.every((part) => typeof part === 'number' || typeof part === 'string');
    return owner === digest && key.length > 0 && valid ? key : null;
  } catch {
    return null;
  }
}
