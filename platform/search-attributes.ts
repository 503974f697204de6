import type { Connection } from '@temporalio/client';

/** Search attribute types by the names the Temporal CLI uses, with their number in the API's `IndexedValueType`. */
export const INDEXED_VALUE_TYPE = {
  Text: 1,
  Keyword: 2,
  Int: 3,
  Double: 4,
  Bool: 5,
  Datetime: 6,
  KeywordList: 7,
} as const;

export type SearchAttributeTypeName = keyof typeof INDEXED_VALUE_TYPE;
/** Custom search attributes of a namespace by name. */
export type SearchAttributeTypes = Readonly<Record<string, SearchAttributeTypeName>>;

/** What a namespace lacks. */
export interface SearchAttributeGaps {
  readonly missing: readonly string[];
  /** Registered with another type. */
  readonly mistyped: readonly string[];
}

/** Compares a namespace's search attributes with those wanted. @throws what the server answers */
export async function searchAttributeGaps(
  connection: Connection,
  namespace: string,
  wanted: SearchAttributeTypes,
): Promise<SearchAttributeGaps> {
  const listed = await connection.operatorService.listSearchAttributes({ namespace });
  const known: Readonly<Record<string, number>> = { ...listed.systemAttributes, ...listed.customAttributes };
  const names = Object.keys(wanted);
  return {
    missing: names.filter((name) => known[name] === undefined),
    mistyped: names.filter((name) => {
      const type = wanted[name];
      return known[name] !== undefined && type !== undefined && known[name] !== INDEXED_VALUE_TYPE[type];
    }),
  };
}
