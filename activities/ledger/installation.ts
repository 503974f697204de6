import type pg from 'pg';

/** Thrown when the ledger belongs to another Temporal namespace: its keys and owners would be mixed up. */
export class ForeignLedgerError extends Error {
  override readonly name = 'ForeignLedgerError';
}

/** A Temporal namespace: its name, and the id that Temporal gave it. */
export interface Namespace {
  readonly name: string;
  readonly id: string;
}

/**
 * Binds the ledger to the first namespace that uses it, by the namespace's own id.
 * @throws {ForeignLedgerError} for any other namespace from then on
 */
export async function bindNamespace(db: pg.Pool, { name, id }: Namespace): Promise<void> {
  const { rows } = await db.query<{ namespace_id: string }>(
    'update muster.installation set namespace_id = coalesce(namespace_id, $1) returning namespace_id',
    [id],
  );
  if (rows[0]?.namespace_id !== id) {
    throw new ForeignLedgerError(
      `this ledger belongs to another Temporal namespace than "${name}" (or the namespace was made again); ` +
        `point the worker at the namespace that the ledger was used with, or bind the ledger again on purpose`,
    );
  }
}
