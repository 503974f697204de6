import { Connection } from '@temporalio/client';
import { poll } from '../processes/poll.ts';

/** Search attribute types by the names the Temporal CLI uses, with their number in the API's `IndexedValueType`. */
const INDEXED_VALUE_TYPE = {
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

const CALL_TIMEOUT_MS = 10_000;
/** Servers list a new attribute at once; clusters cache for some seconds. */
const VISIBLE_TIMEOUT_MS = 30_000;

/**
 * Makes sure that a namespace of a running server has these search attributes. Those it has already are fine.
 *
 * @throws when one exists with another type, the server refuses, or it does not list them within 30 s.
 */
export async function registerSearchAttributes(
  address: string,
  namespace: string,
  attributes: SearchAttributeTypes,
): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: CALL_TIMEOUT_MS });
  const call = <T>(work: () => Promise<T>) => connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, work);
  const missing = async () => {
    const listed = await call(() => connection.operatorService.listSearchAttributes({ namespace }));
    return missingFrom({ ...listed.systemAttributes, ...listed.customAttributes }, attributes);
  };
  try {
    const searchAttributes = await missing();
    if (Object.keys(searchAttributes).length === 0) return;
    await call(() => connection.operatorService.addSearchAttributes({ namespace, searchAttributes })).catch(
      (error: unknown) => {
        // Another start may have added them in between; the listing below decides.
        if (!isAlreadyExists(error)) throw error;
      },
    );
    const done = await poll(async () => (Object.keys(await missing()).length === 0 ? true : undefined), {
      timeoutMs: VISIBLE_TIMEOUT_MS,
      intervalMs: 200,
    });
    if (!done) throw new Error(`${address} did not list the search attributes within ${VISIBLE_TIMEOUT_MS} ms`);
  } finally {
    await connection.close();
  }
}

function missingFrom(known: Readonly<Record<string, number>>, wanted: SearchAttributeTypes): Record<string, number> {
  const missing: Record<string, number> = {};
  for (const [name, type] of Object.entries(wanted)) {
    const found = known[name];
    if (found === undefined) missing[name] = INDEXED_VALUE_TYPE[type];
    else if (found !== INDEXED_VALUE_TYPE[type]) {
      throw new Error(
        `search attribute ${name} exists with another type: remove it from the namespace, or rename ours`,
      );
    }
  }
  return missing;
}

/** gRPC status 6. */
function isAlreadyExists(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 6;
}
