import { createHash } from 'node:crypto';
import { EcsError } from './errors.ts';

/** The old style: the nth page of the list as it is now, so births and deaths between two pages shift what they show. */
export function pageByNumber<T>(items: readonly T[], pageNumber: number, pageSize: number): T[] {
  return items.slice((pageNumber - 1) * pageSize, pageNumber * pageSize);
}

export interface TokenPage<T> {
  /** Newest first. */
  readonly items: readonly T[];
  /** Grows with every birth. */
  readonly nthOf: (item: T) => number;
  readonly limit: number;
  readonly nextToken: string | undefined;
  /** What the token belongs to: a token of one query does not open another. */
  readonly query: unknown;
}

/**
 * The new style: one page and the token of the next, empty at the end. Tokens name the last item and not its index, so
 * that births and deaths between two pages neither repeat nor hide anything.
 * @throws EcsError when the token is not of this query
 */
export function pageByToken<T>(page: TokenPage<T>): { items: T[]; nextToken: string } {
  const { nthOf, limit, nextToken } = page;
  const digest = createHash('sha256').update(JSON.stringify(page.query)).digest('base64url').slice(0, 12);
  const before = nextToken === undefined ? Infinity : readToken(nextToken, digest);
  const rest = page.items.filter((item) => nthOf(item) < before);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, nextToken: last === undefined || rest.length <= limit ? '' : writeToken(nthOf(last), digest) };
}

function writeToken(nth: number, digest: string): string {
  return Buffer.from(JSON.stringify([digest, nth])).toString('base64url');
}

function readToken(token: string, digest: string): number {
  try {
    const [owner, nth] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[];
    if (owner === digest && typeof nth === 'number') return nth;
  } catch {
    // not a token of ours; told below like a token of another query
  }
  throw new EcsError('InvalidParameter', 'The specified parameter NextToken is not valid.');
}
