import { MAX_LIST_PAGES } from '../../../contracts/limits.ts';
import { ProviderError } from '../errors.ts';

/** Reads all pages of a listing. A short or empty page may have a next one: only a missing token ends the listing. */
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
