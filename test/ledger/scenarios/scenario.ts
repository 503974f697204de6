import type { Kit } from '../kit.ts';

/** A clause of one of the ledger's functions, and what becomes of the scenario without it. */
export interface Clause {
  readonly clause: string;
  /** The function it stands in, or an index of that name. */
  readonly in: string;
  /** The exact text that carries the clause; it stands there once. */
  readonly text: string;
  /** The same text without the clause. */
  readonly without: string;
  /** What is then observed instead of `holds`. */
  readonly breaks: unknown;
}

/** A short story about the ledger, what is observed at its end, and the clauses without which that would differ. */
export interface Scenario {
  readonly promise: string;
  readonly run: (kit: Kit) => Promise<unknown>;
  readonly holds: unknown;
  readonly clauses: readonly Clause[];
}
