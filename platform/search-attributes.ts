import type { Connection } from '@temporalio/client';

/** Types of search attributes: the Temporal CLI's name, and the number in the API's `IndexedValueType`. */
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
/** Custom search attributes of a namespace: their types by name. */
export type SearchAttributeTypes = Readonly<Record<string, SearchAttributeTypeName>>;

/** How a namespace differs from the search attributes that it must have. */
export interface SearchAttributeGaps {
  readonly missing: readonly string[];
  /** Registered with another type. */
  readonly mistyped: readonly string[];
}

/** Compares the search attributes of a namespace with those it must have. @throws the server's error */
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
