import type { Ledger } from './ledger.ts';
import type { OwnerWorkflows, RunningOwner } from '../temporal/owner-workflows.ts';

/** Workflows that one statement compares with the ledger. */
const BATCH = 1_000;
/** Sentences of an answer: more of them are one trouble, and a payload may be 2 MB (policy). */
const MAX_SENTENCES = 300;

/**
 * Leases and cleanups that run and own nothing, a sentence each. They are listed before the ledger is asked: rows are
 * written before their owners start, so that an owner without a row is none whose row is still to come.
 */
export async function idleOwners(ledger: Ledger, owners: OwnerWorkflows): Promise<string[]> {
  const sentences: string[] = [];
  let batch: RunningOwner[] = [];
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
