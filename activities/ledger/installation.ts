import type { Connection } from '@temporalio/client';
import type pg from 'pg';

/** Thrown when the ledger belongs to another Temporal namespace: its keys and owners would be mixed up. */
export class ForeignLedgerError extends Error {
  override readonly name = 'ForeignLedgerError';
}

/** Binds the ledger to this namespace at its first use, by the namespace's own id; refuses any other from then on. */
export async function bindNamespace(db: pg.Pool, connection: Connection, namespace: string): Promise<void> {
  const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace });
  const id = namespaceInfo?.id;
  if (!id) throw new Error(`Temporal tells no id of namespace "${namespace}"`);
  const { rows } = await db.query<{ namespace_id: string }>(
    'update muster.installation set namespace_id = coalesce(namespace_id, $1) returning namespace_id',
    [id],
  );
  if (rows[0]?.namespace_id !== id) {
    throw new ForeignLedgerError(
      `this ledger belongs to another Temporal namespace than "${namespace}" (or the namespace was made anew); ` +
        `point the worker at the namespace it was used with, or rebind it on purpose`,
    );
  }
}
