import { failure } from '../failures.ts';
import type { ProviderCreation, ProviderLedger } from '../ledger/provider-ledger.ts';
import type { Provider } from './provider.ts';
import { monotonicMs, type Timing } from './timing.ts';

/** What the steps of one provider share. */
export interface StepTools {
  readonly provider: Provider;
  readonly ledger: ProviderLedger;
  readonly timing: Timing;
}

/** What one step works with: the tools, and the creation's row as it was when the step began. */
export interface StepContext extends StepTools {
  /** Read once, before the step's first call to the provider: a claim and a proof of absence depend on this order. */
  readonly row: ProviderCreation;
  /** When the read of the row began, on the clock that never jumps, ms. */
  readonly loadedAtMs: number;
}

/** Reads the creation's row. Undefined when the ledger shows this worker no creation with the key. */
export async function findStep(tools: StepTools, key: string): Promise<StepContext | undefined> {
  const loadedAtMs = monotonicMs(tools.timing);
  const row = await tools.ledger.read(key);
  return row === undefined ? undefined : { ...tools, row, loadedAtMs };
}

/** The same for steps that cannot work without a row. @throws Unknown without one */
export async function loadStep(tools: StepTools, key: string): Promise<StepContext> {
  const context = await findStep(tools, key);
  if (context === undefined) throw failure('Unknown', missingRow(key));
  return context;
}

/** Says that this worker finds no creation: the ledger was restored from a backup, or the key is another provider's. */
export const missingRow = (key: string): string => `the ledger shows this worker no creation with the key ${key}`;

/** The ledger's time now, ms since the epoch; up to one read of the row later than it is, never earlier. */
export const ledgerTimeMs = ({ row, loadedAtMs, timing }: StepContext): number =>
  row.nowMs + Math.ceil(monotonicMs(timing) - loadedAtMs) + 1;
