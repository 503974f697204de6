import type { Creation } from '../../contracts/creation.ts';
import { ledger } from '../activity-options.ts';
import { failureOf } from '../failures.ts';

/** What came of holding money for longer: the row as it is then, or why not. */
export type Hold =
  { readonly creation: Creation } | { readonly creation: null; readonly why: 'no-room' | 'not-leased' };

/** Holds the money of a lease until then. A row that is gone is not leased either: whoever asked reads it. */
export async function holdUntil(key: string, untilMs: number, who: string, summary: string): Promise<Hold> {
  try {
    const { outcome, creation } = await ledger(summary).extendHold({ key, untilMs, who });
    if (outcome === 'extended' && creation !== null) return { creation };
    return { creation: null, why: outcome === 'budget-exceeded' ? 'no-room' : 'not-leased' };
  } catch (error) {
    if (failureOf(error).type === 'CreationClosed') return { creation: null, why: 'not-leased' };
    throw error;
  }
}
