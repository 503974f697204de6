import type { Answer, Creation, LedgerOutcomes } from '../../contracts/creation.ts';
import { FAILURE_TYPES } from '../../contracts/failures.ts';
import type { StepEvents } from '../../workflows/provision/events.ts';
import type { Progress, StateAt, StepName } from '../../workflows/provision/state.ts';
import { aCreation, LEASED_AT_MS } from './creation.ts';

/* Every step of a request, and everything that each step can come to. */

/** What a run knows after its first opening, with fields replaced: two placements, and the first one is opened. */
export const aProgress = (more: Partial<Progress> = {}): Progress => ({
  placements: 2,
  onDeadline: 'next',
  whenExhausted: 'fail',
  placementIndex: 0,
  version: 1,
  skipped: [],
  rounds: 0,
  ...more,
});

/** An open creation at the first placement, with fields replaced. */
export const anOpenCreation = (more: Partial<Creation> = {}): Creation =>
  aCreation({
    ...{ state: 'open', owner: 'provision/r', leasedAtMs: null, leaseUntilMs: null, condition: null },
    ...{ conditionAtMs: null },
    ...more,
  });

const refusedFor = (why: string | null, state: 'refused' | 'absent' = 'absent'): Creation =>
  anOpenCreation({ state, why, whyText: 'no', endedAtMs: LEASED_AT_MS });

/** The creations that an answer of the ledger may show, by what they are. */
export const CREATIONS = {
  none: null,
  open: anOpenCreation(),
  'open, at the second placement': anOpenCreation({ number: 2, placementIndex: 1 }),
  closing: anOpenCreation({ state: 'closing', why: 'Orphaned' }),
  'closing by its lease': aCreation({ state: 'closing', why: 'Released' }),
  leased: aCreation(),
  released: aCreation({ state: 'released', why: 'Released', endedAtMs: LEASED_AT_MS }),
  refused: refusedFor('QuotaExceeded', 'refused'),
  'refused at the last placement': { ...refusedFor('QuotaExceeded', 'refused'), placementIndex: 1 },
  'absent after a failure of its placement': refusedFor('ClusterFailed'),
  'absent after its deadline': refusedFor('ReadinessDeadlineExceeded'),
  'absent after a failure that stops the request': refusedFor('Unauthorized'),
  'absent for a reason outside its placement': refusedFor('Orphaned'),
} as const satisfies Readonly<Record<string, Creation | null>>;

/** Answers with an outcome: one for each creation that it may show, each without and with a cancel. */
export const answersWith = <Outcome extends string>(outcome: Outcome): readonly Answer<Outcome>[] =>
  Object.values(CREATIONS).flatMap((creation) =>
    [false, true].map((cancelled) => ({ outcome, creation, version: 2, cancelled })),
  );

const NOTHING_LISTED = { creations: [], totals: { creations: 0, costMicros: 0 } };
const FAILURES = FAILURE_TYPES.map((type) => ({ type: 'failed', failure: { type, message: 'it failed' } }) as const);
const DEADLINE_PASSED = { type: 'deadlinePassed' } as const;
const CANCEL_REQUESTED = { type: 'cancelRequested' } as const;
const access = { clusterId: 'c-1', clusterName: 'c', nodeCount: 0, nodes: [], login: [] };

/** The outcomes of the ledger functions that steps call. A new outcome does not compile until it is listed here. */
const OUTCOMES = {
  openCreation: {
    ...{ opened: true, existing: true, cancelled: true, 'stale-version': true, 'budget-exceeded': true },
    conflict: true,
  },
  lease: { leased: true, cancelled: true, 'other-cluster': true, 'not-open': true },
  refuse: { refused: true, 'not-refusable': true, 'not-open': true },
  recordCancel: { recorded: true, 'use-release': true, lifted: true },
  beginClosing: { closing: true, leased: true, 'not-owner': true, ended: true },
  settle: { settled: true, 'stale-proof': true, 'not-closing': true },
  endRequest: { ended: true, active: true },
} satisfies { readonly [F in keyof LedgerOutcomes]?: Readonly<Record<LedgerOutcomes[F], true>> };

/** Every answer of a ledger function, as an event. */
function answered<F extends keyof typeof OUTCOMES>(name: F) {
  const outcomes = Object.keys(OUTCOMES[name]) as LedgerOutcomes[F][];
  return outcomes.flatMap((outcome) =>
    answersWith(outcome).map((answer) => ({ type: 'answered', answer: { ...answer, ...NOTHING_LISTED } }) as const),
  );
}

/** Every event of each step. */
export const EVENTS: { readonly [S in StepName]: readonly StepEvents[S][] } = {
  opening: [...answered('openCreation'), ...FAILURES, CANCEL_REQUESTED],
  pausing: [{ type: 'pauseOver' }, CANCEL_REQUESTED],
  creating: [
    { type: 'createEnded', outcome: { kind: 'created', clusterId: 'c-1', hourlyMicros: 1, fallbackMs: 1 } },
    {
      type: 'createEnded',
      outcome: { kind: 'refused', attempt: 'a', failure: { type: 'QuotaExceeded', message: 'no' } },
    },
    { type: 'createEnded', outcome: { kind: 'closed' } },
    ...FAILURES,
    DEADLINE_PASSED,
    CANCEL_REQUESTED,
  ],
  waiting: [{ type: 'clusterReady', access }, ...FAILURES, DEADLINE_PASSED, CANCEL_REQUESTED],
  leasing: answered('lease'),
  refusing: answered('refuse'),
  recordingCancel: answered('recordCancel'),
  closing: answered('beginClosing'),
  makingAbsent: [{ type: 'absent', proof: { claims: 1, goneAtMs: LEASED_AT_MS } }],
  settling: answered('settle'),
  endingFailed: answered('endRequest'),
  endingCancelled: answered('endRequest'),
};

const failure = { type: 'ClusterFailed', message: 'it failed' } as const;

/** A state at each step, with the given progress. */
export const statesWith = (progress: Progress): { readonly [S in StepName]: StateAt<S> } => ({
  opening: { at: 'opening', progress },
  pausing: { at: 'pausing', failure, progress },
  creating: { at: 'creating', creation: anOpenCreation(), progress },
  waiting: { at: 'waiting', creation: anOpenCreation(), clusterId: 'c-1', fallbackMs: 1, progress },
  leasing: { at: 'leasing', creation: anOpenCreation(), clusterId: 'c-1', access, progress },
  refusing: { at: 'refusing', creation: anOpenCreation(), attempt: 'a', failure, progress },
  recordingCancel: { at: 'recordingCancel', creation: null, progress },
  closing: { at: 'closing', creation: anOpenCreation(), why: 'ClusterFailed', message: 'it failed', progress },
  makingAbsent: { at: 'makingAbsent', creation: anOpenCreation({ state: 'closing' }), progress },
  settling: {
    at: 'settling',
    creation: anOpenCreation({ state: 'closing' }),
    proof: { claims: 1, goneAtMs: LEASED_AT_MS },
    progress,
  },
  endingFailed: { at: 'endingFailed', failure, progress },
  endingCancelled: { at: 'endingCancelled', progress },
});
