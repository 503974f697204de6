import { Connection } from '@temporalio/client';
import {
  INDEXED_VALUE_TYPE,
  searchAttributeGaps,
  type SearchAttributeTypes,
} from '../../platform/search-attributes.ts';
import { poll } from '../processes/poll.ts';

const CALL_TIMEOUT_MS = 10_000;
/** A single server lists a new attribute at once; a cluster of servers caches the list for some seconds (policy). */
const VISIBLE_TIMEOUT_MS = 30_000;

/**
 * Adds those of these search attributes that a namespace of a running server lacks.
 *
 * @throws when one exists with another type, when the server refuses, or when it does not list them within 30 s
 */
export async function registerSearchAttributes(
  address: string,
  namespace: string,
  attributes: SearchAttributeTypes,
): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: CALL_TIMEOUT_MS });
  const call = <T>(work: () => Promise<T>) => connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, work);
  const missing = async (): Promise<readonly string[]> => {
    const gaps = await call(() => searchAttributeGaps(connection, namespace, attributes));
    if (gaps.mistyped.length === 0) return gaps.missing;
    throw new Error(
      `search attribute ${gaps.mistyped.join(', ')} exists with another type: remove it from the namespace, or rename ours`,
    );
  };
  try {
    const wanted = await missing();
    if (wanted.length === 0) return;
    const searchAttributes = Object.fromEntries(
      wanted.map((name) => [name, INDEXED_VALUE_TYPE[attributes[name] ?? 'Keyword']]),
    );
    await call(() => connection.operatorService.addSearchAttributes({ namespace, searchAttributes })).catch(
      (error: unknown) => {
        // Another start may have just added them. The listing below decides.
        if (!isAlreadyExists(error)) throw error;
      },
    );
    const done = await poll(async () => ((await missing()).length === 0 ? true : undefined), {
      timeoutMs: VISIBLE_TIMEOUT_MS,
      intervalMs: 200,
    });
    if (!done) throw new Error(`${address} did not list the search attributes within ${VISIBLE_TIMEOUT_MS} ms`);
  } finally {
    await connection.close();
  }
}

/** gRPC status 6. */
function isAlreadyExists(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 6;
}
