import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { SearchAttributeName } from '../contracts/search-attributes.ts';

/** Sets typed search attributes: what lists and filters show without asking a worker. Null unsets; undefined leaves as is. */
export function showAttributes(values: Partial<Record<SearchAttributeName, string | null | undefined>>): void {
  const pairs = Object.entries(values)
    .filter((entry): entry is [string, string | null] => entry[1] !== undefined)
    .map(([name, value]) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value }));
  upsertSearchAttributes(pairs);
}
