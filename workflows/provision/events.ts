import type { AbsenceProof, CreateOutcome, LedgerActivities } from '../../contracts/activities.ts';
import type { ClusterAccess } from '../../contracts/cluster.ts';
import type { Failure } from '../../contracts/failures.ts';
import type { StepName } from './state.ts';

/** The ledger's answer to the step. */
interface Answered<Activity extends keyof LedgerActivities> {
  readonly type: 'answered';
  readonly answer: Awaited<ReturnType<LedgerActivities[Activity]>>;
}

interface CreateEnded {
  readonly type: 'createEnded';
  readonly outcome: CreateOutcome;
}

export interface ClusterReady {
  readonly type: 'clusterReady';
  readonly access: ClusterAccess;
}

interface Absent {
  readonly type: 'absent';
  readonly proof: AbsenceProof;
}

interface PauseOver {
  readonly type: 'pauseOver';
}

export interface Failed {
  readonly type: 'failed';
  readonly failure: Failure;
}

/** The readiness deadline of the creation has passed. */
export interface DeadlinePassed {
  readonly type: 'deadlinePassed';
}

/** Somebody has cancelled the workflow. */
export interface CancelRequested {
  readonly type: 'cancelRequested';
}

/**
 * What each step can come to. The first four steps can be interrupted by a cancel; the others are shielded from it, and
 * their activities are retried until they succeed.
 */
export interface StepEvents {
  opening: Answered<'openCreation'> | Failed | CancelRequested;
  pausing: PauseOver | CancelRequested;
  creating: CreateEnded | Failed | DeadlinePassed | CancelRequested;
  waiting: ClusterReady | Failed | DeadlinePassed | CancelRequested;
  leasing: Answered<'lease'>;
  refusing: Answered<'refuse'>;
  recordingCancel: Answered<'recordCancel'>;
  closing: Answered<'beginClosing'>;
  makingAbsent: Absent;
  settling: Answered<'settle'>;
  endingFailed: Answered<'endRequest'>;
  endingCancelled: Answered<'endRequest'>;
}

export type StepEvent = StepEvents[StepName];
