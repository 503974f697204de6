import type { OwnerWorkflows } from '../temporal/owner-workflows.ts';
import type { Ledger, RunningWorkflow } from './ledger.ts';

/** Workflows that one call compares with the ledger (policy). */
const BATCH = 1_000;
/** Sentences of an answer. A payload of Temporal may have 2 MB (policy). */
const MAX_SENTENCES = 300;

/**
 * Leases and cleanups that run and own nothing, a sentence each. They are listed before the ledger is read. A row is
 * written before its owner starts, so an owner without a row cannot be one whose row comes later.
 */
export async function idleOwners(ledger: Ledger, owners: OwnerWorkflows): Promise<string[]> {
  const sentences: string[] = [];
  let batch: RunningWorkflow[] = [];
  const compare = async (): Promise<void> => {
    sentences.push(...(await ledger.idleOwners(batch)));
    batch = [];
  };
  for await (const owner of owners.running()) {
    batch.push(owner);
    if (batch.length === BATCH) await compare();
    if (sentences.length > MAX_SENTENCES) return [...sentences.slice(0, MAX_SENTENCES), 'and more like these'];
  }
  await compare();
  return sentences;
}
