import type { Plan } from './plan.ts';

/** One thing that Muster needs, whether it is ok, and how to fix it. */
export interface Check {
  /** What was checked, such as `ledger` or `sagemaker us-west-2: list clusters`. */
  readonly subject: string;
  /** `unknown`: it cannot be checked, or something else must be fixed first. */
  readonly state: 'ok' | 'failed' | 'unknown';
  /** What was found, free of secrets. */
  readonly detail: string;
  /** What to do, a sentence or a command; null unless it failed. */
  readonly fix: string | null;
}

/** Make a check in each of the three states. */
export const ok = (subject: string, detail: string): Check => ({ subject, state: 'ok', detail, fix: null });
export const failed = (subject: string, detail: string, fix: string): Check => ({
  subject,
  state: 'failed',
  detail,
  fix,
});
export const unknown = (subject: string, detail: string): Check => ({ subject, state: 'unknown', detail, fix: null });

/** A region of a provider. */
export interface Location {
  readonly provider: string;
  readonly region: string;
}

/** A request that was tried without creating anything: its plan, and the checks of its budget and providers. */
export interface DryRun {
  readonly plan: Plan;
  readonly checks: readonly Check[];
}
