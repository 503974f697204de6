import { MAX_LIST_PAGES } from '../../../contracts/limits.ts';
import { ProviderError } from '../errors.ts';

/** Reads a listing to its end. A page may be short or empty and still name a next one: only its absence ends it. */
export async function allPages<T>(
  read: (token: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_LIST_PAGES; page += 1) {
    const { items, next } = await read(token);
    all.push(...items);
    if (!next) return all;
    token = next;
  }
  throw new ProviderError('unknown', {
    provider: 'sagemaker',
    call: 'paging',
    vendorCode: 'EndlessListing',
    text: `a listing did not end after ${MAX_LIST_PAGES} pages`,
  });
}
