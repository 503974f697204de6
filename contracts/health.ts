import type { Plan } from './plan.ts';

/** One thing that must be well for Muster to work, and how to mend it where it is not. */
export interface Check {
  /** What was looked at, such as `ledger` or `sagemaker us-west-2: list clusters`. */
  readonly subject: string;
  /** `unknown` where something else must be mended first, or nobody can tell. */
  readonly state: 'ok' | 'failed' | 'unknown';
  /** What was found, free of secrets. */
  readonly detail: string;
  /** What to do, a sentence or a command; null where all is well. */
  readonly fix: string | null;
}

/** Makes the three kinds of check. */
export const ok = (subject: string, detail: string): Check => ({ subject, state: 'ok', detail, fix: null });
export const failed = (subject: string, detail: string, fix: string): Check => ({
  subject,
  state: 'failed',
  detail,
  fix,
});
export const unknown = (subject: string, detail: string): Check => ({ subject, state: 'unknown', detail, fix: null });

/** Where to look at a provider. */
export interface Location {
  readonly provider: string;
  readonly region: string;
}

/** A request tried without doing anything: its plan as the workers make it, and what stands in its way. */
export interface DryRun {
  readonly plan: Plan;
  readonly checks: readonly Check[];
}
