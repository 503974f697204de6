import type { Kit } from '../kit.ts';

/** A clause of one of the ledger's functions, and what the scenario observes without it. */
export interface Clause {
  readonly clause: string;
  /** The function that has it, or an index. */
  readonly in: string;
  /** The exact text of the clause; the function has it once. */
  readonly text: string;
  /** The same text without the clause. */
  readonly without: string;
  /** What the story then observes instead of `holds`. */
  readonly breaks: unknown;
}

/** A short story about the ledger, what it observes at its end, and the clauses without which it observes something else. */
export interface Scenario {
  readonly promise: string;
  readonly run: (kit: Kit) => Promise<unknown>;
  readonly holds: unknown;
  readonly clauses: readonly Clause[];
}
