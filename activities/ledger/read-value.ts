import type pg from 'pg';
import type { z } from 'zod';

/** Calls one of the ledger's functions and parses the value that it returns. The text of the call is never input. */
export async function readValue<T>(
  db: pg.Pool,
  schema: z.ZodType<T>,
  call: string,
  args: readonly unknown[],
): Promise<T> {
  const { rows } = await db.query<{ value: unknown }>(`select muster.${call} as value`, [...args]);
  return schema.parse(rows[0]?.value);
}
