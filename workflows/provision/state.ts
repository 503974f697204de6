import type { ClusterAccess, SkippedPlacement } from '../../contracts/cluster.ts';
import type { Answer, Creation, LedgerOutcomes, Totals } from '../../contracts/creation.ts';
import type { AbsenceProof, CreateOutcome } from '../../contracts/activities.ts';
import type { ClosingReason, Failure } from '../../contracts/failures.ts';
import type { Phase } from '../../contracts/phases.ts';
import type { Plan } from '../../contracts/plan.ts';

/** What the run knows besides where it is. */
export interface Progress {
  readonly placements: number;
  readonly onDeadline: 'next' | 'fail';
  readonly whenExhausted: 'fail' | 'wait';
  /** The placement to open next. */
  readonly placementIndex: number;
  /** The request's turn, as the ledger last told it. */
  readonly version: number;
  readonly skipped: readonly SkippedPlacement[];
  /** How often all placements were tried in vain, where the request waits for better times. */
  readonly rounds: number;
}

/** Where a request is: the step that comes next, or an end. */
export type Step =
  | { readonly at: 'opening' }
  /** All placements were refused; they are tried again after a pause. */
  | { readonly at: 'pausing'; readonly failure: Failure }
  | { readonly at: 'creating'; readonly creation: Creation }
  | {
      readonly at: 'waiting';
      readonly creation: Creation;
      readonly clusterId: string;
      /** How long to wait for a hint before looking unasked, ms; runs of before there was a monitor poll instead. */
      readonly fallbackMs: number;
    }
  | {
      readonly at: 'leasing';
      readonly creation: Creation;
      readonly clusterId: string;
      readonly access: ClusterAccess;
    }
  | { readonly at: 'refusing'; readonly creation: Creation; readonly attempt: string; readonly failure: Failure }
  | { readonly at: 'recordingCancel'; readonly creation: Creation | null }
  | { readonly at: 'closing'; readonly creation: Creation; readonly why: ClosingReason; readonly message: string }
  | { readonly at: 'makingAbsent'; readonly creation: Creation }
  | { readonly at: 'settling'; readonly creation: Creation; readonly proof: AbsenceProof }
  | { readonly at: 'endingFailed'; readonly failure: Failure }
  | { readonly at: 'endingCancelled' }
  | End;

/** Ends of a run. `ready` is also the end of a run that finds a lease, or its release, made by an earlier one. */
export type End =
  | {
      readonly at: 'ready';
      readonly creation: Creation;
      readonly access: ClusterAccess | null;
      readonly creations: readonly Creation[] | null;
      readonly totals?: Totals | undefined;
    }
  | {
      readonly at: 'failed';
      readonly failure: Failure;
      readonly creations: readonly Creation[];
      readonly totals?: Totals | undefined;
    }
  | { readonly at: 'cancelled'; readonly creations: readonly Creation[] };

export type State = Step & { readonly progress: Progress };

/** A step, with what the run knows as it comes to it. */
export const at = (progress: Progress, step: Step): State => ({ ...step, progress });

/** What a step came to. `answered` carries the ledger's answer to the step that asked. */
export type Event =
  | { readonly type: 'answered'; readonly answer: Answer<LedgerOutcomes[keyof LedgerOutcomes]> }
  | { readonly type: 'create'; readonly outcome: CreateOutcome }
  | { readonly type: 'usable'; readonly access: ClusterAccess }
  | { readonly type: 'absent'; readonly proof: AbsenceProof }
  | { readonly type: 'stepFailed'; readonly failure: Failure }
  | { readonly type: 'pauseOver' }
  | { readonly type: 'deadlinePassed' }
  | { readonly type: 'cancelRequested' };

const PHASE_OF: Readonly<Record<Step['at'], Phase>> = {
  opening: 'planning',
  pausing: 'waiting',
  creating: 'creating',
  waiting: 'waiting',
  leasing: 'waiting',
  refusing: 'compensating',
  recordingCancel: 'compensating',
  closing: 'compensating',
  makingAbsent: 'compensating',
  settling: 'compensating',
  endingFailed: 'compensating',
  endingCancelled: 'compensating',
  ready: 'ready',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** The phase that people see. */
export const phaseOf = (step: Step): Phase => PHASE_OF[step.at];

/** Steps that a cancel or a deadline interrupts; all others are shielded. */
export type ForwardStep = Extract<Step, { at: 'opening' | 'pausing' | 'creating' | 'waiting' }>;
export const isForward = (step: Step): step is ForwardStep =>
  step.at === 'opening' || step.at === 'pausing' || step.at === 'creating' || step.at === 'waiting';

export const isEnd = (step: Step): step is End =>
  step.at === 'ready' || step.at === 'failed' || step.at === 'cancelled';

/** The creation at hand, if any. */
export const creationOf = (step: Step): Creation | null => ('creation' in step ? step.creation : null);

/** What a run knows at its start. Plans of before a policy lack it. */
export const initialProgress = ({ placements, onDeadline, whenExhausted = 'fail' }: Plan): Progress => ({
  placements: placements.length,
  onDeadline,
  whenExhausted,
  placementIndex: 0,
  version: 0,
  skipped: [],
  rounds: 0,
});
