/** The page of a number, from 1, of the list as it is now: items that come and go between two pages shift the rest. */
export function pageByNumber<T>(items: readonly T[], pageNumber: number, pageSize: number): T[] {
  return items.slice((pageNumber - 1) * pageSize, pageNumber * pageSize);
}
