import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { SearchAttributeName, ShownPhase } from '../contracts/search-attributes.ts';

type Values = { readonly [Name in SearchAttributeName]?: string | null | undefined } & {
  readonly MusterPhase?: ShownPhase;
};

/** Sets search attributes, which lists and filters show without asking a worker. Null unsets one, undefined leaves it. */
export function showAttributes(values: Values): void {
  const pairs = Object.entries(values)
    .filter((entry): entry is [string, string | null] => entry[1] !== undefined)
    .map(([name, value]) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value }));
  upsertSearchAttributes(pairs);
}
