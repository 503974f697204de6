import type { AbsenceProof } from '../../contracts/activities.ts';
import type { ClusterAccess, SkippedPlacement } from '../../contracts/cluster.ts';
import type { Creation, ListedCreations } from '../../contracts/creation.ts';
import type { ClosingReason, Failure } from '../../contracts/failures.ts';
import type { Phase } from '../../contracts/phases.ts';
import type { Plan } from '../../contracts/plan.ts';

/** What a run knows besides the step it is at. */
export interface Progress {
  /** How many placements the request has. */
  readonly placements: number;
  readonly onDeadline: Plan['onDeadline'];
  readonly whenExhausted: Plan['whenExhausted'];
  /** The placement to open next, from 0. */
  readonly placementIndex: number;
  /** The request's version, as the ledger last answered it. */
  readonly version: number;
  /** Placements of this round that gave no cluster, in the order they were tried. */
  readonly skipped: readonly SkippedPlacement[];
  /** How many rounds over all placements have ended without a cluster. */
  readonly rounds: number;
}

/** The step that a request takes next. */
export type Step =
  | { readonly at: 'opening' }
  /** All placements were refused. They are tried again after a pause. */
  | { readonly at: 'pausing'; readonly failure: Failure }
  | { readonly at: 'creating'; readonly creation: Creation }
  | {
      readonly at: 'waiting';
      readonly creation: Creation;
      readonly clusterId: string;
      /** How long to wait for a hint before the first check without one, ms. */
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
  | { readonly at: 'endingCancelled' };

/** How a run ends. `ready` is also the end of a run that finds a lease, or its release, made by an earlier run. */
export type End =
  | {
      readonly at: 'ready';
      readonly creation: Creation;
      /** Null where an earlier run made the lease. */
      readonly access: ClusterAccess | null;
      /** Null where the receipt is still to be read. */
      readonly listed: ListedCreations | null;
    }
  | { readonly at: 'failed'; readonly failure: Failure; readonly listed: ListedCreations }
  | { readonly at: 'cancelled' };

/** Where a request is: its next step or its end, and what the run knows. */
export type State = (Step | End) & { readonly progress: Progress };

export type StepName = Step['at'];

/** The state of a request at one step. */
export type StateAt<S extends StepName> = Extract<Step, { at: S }> & { readonly progress: Progress };

export const goTo = (progress: Progress, next: Step | End): State => ({ ...next, progress });

/** A request at the start of a run. */
export const initialState = ({ placements, onDeadline, whenExhausted }: Plan): State => ({
  at: 'opening',
  progress: {
    placements: placements.length,
    onDeadline,
    whenExhausted,
    placementIndex: 0,
    version: 0,
    skipped: [],
    rounds: 0,
  },
});

export const isEnd = (state: State): state is End & { readonly progress: Progress } =>
  state.at === 'ready' || state.at === 'failed' || state.at === 'cancelled';

/** The creation of a state; null where it has none. */
export const creationOf = (state: Step | End): Creation | null => ('creation' in state ? state.creation : null);

const PHASE_OF: Readonly<Record<State['at'], Phase>> = {
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
export const phaseOf = (state: Step | End): Phase => PHASE_OF[state.at];
