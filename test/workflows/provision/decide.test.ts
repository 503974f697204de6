import { describe, expect, it } from 'vitest';
import { decide } from '../../../workflows/provision/decide.ts';
import { follow } from '../../../workflows/provision/follow.ts';
import { anOpenCreation, answersWith, aProgress, CREATIONS, EVENTS, statesWith } from '../../builders/request-steps.ts';

const progress = aProgress();
const states = statesWith(progress);

describe('follow', () => {
  it.each([
    ['none', false, 'opening'],
    ['none', true, 'endingCancelled'],
    ['open', false, 'creating'],
    ['open', true, 'closing'],
    ['closing', false, 'makingAbsent'],
    ['closing', true, 'makingAbsent'],
    ['closing by its lease', true, 'ready'],
    ['leased', false, 'ready'],
    ['released', false, 'ready'],
    ['refused', false, 'opening'],
    ['refused', true, 'endingCancelled'],
    ['absent after a failure of its placement', false, 'opening'],
    ['absent after a failure that stops the request', false, 'endingFailed'],
    ['absent for a reason outside its placement', false, 'opening'],
    ['absent for a reason outside its placement', true, 'endingCancelled'],
  ] as const)('goes on from a creation that is %s (cancelled: %s) to %s', (name, cancelled, to) => {
    const answer = { outcome: 'found', creation: CREATIONS[name], version: 1, cancelled };
    expect(follow(progress, answer).at).toBe(to);
  });

  it('takes the version of the request from the answer', () => {
    for (const answer of answersWith('found')) expect(follow(progress, answer).progress.version).toBe(2);
  });
});

/** The outcomes of each ledger step after which the request follows the answer, whatever it shows. */
const FOLLOWED = {
  opening: ['opened', 'existing', 'cancelled', 'conflict'],
  leasing: ['cancelled', 'not-open'],
  refusing: ['refused', 'not-open'],
  recordingCancel: ['recorded', 'use-release', 'lifted'],
  closing: ['closing', 'leased', 'not-owner', 'ended'],
  settling: ['settled', 'stale-proof', 'not-closing'],
  endingFailed: ['active'],
  endingCancelled: ['active'],
} as const;
type LedgerStep = keyof typeof FOLLOWED;

/** Outcomes after which a step goes where `follow` goes, for every answer. */
function followedBy(step: LedgerStep): string[] {
  const followed = new Map<string, boolean>();
  for (const event of EVENTS[step]) {
    if (event.type !== 'answered') continue;
    const { answer } = event;
    const isSame = isEqual(decide<LedgerStep>(states[step], event), follow(progress, answer));
    followed.set(answer.outcome, isSame && (followed.get(answer.outcome) ?? true));
  }
  return [...followed].filter(([, isFollowed]) => isFollowed).map(([outcome]) => outcome);
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

describe('a request', () => {
  it.each(Object.keys(FOLLOWED) as LedgerStep[])('follows the answer of the ledger from %s', (step) => {
    expect(followedBy(step)).toEqual(FOLLOWED[step]);
  });

  it.each([
    ['endingFailed', 'failed'],
    ['endingCancelled', 'cancelled'],
  ] as const)('ends from %s only when the ledger says that nothing of it is active', (step, end) => {
    for (const event of EVENTS[step]) {
      const next = decide<'endingFailed' | 'endingCancelled'>(states[step], event);
      if (event.answer.outcome === 'ended') expect(next.at).toBe(end);
      else expect(next).toEqual(follow(progress, event.answer));
    }
  });

  it('becomes ready with the access to its cluster, and with what its receipt lists', () => {
    for (const event of EVENTS.leasing.filter(
      ({ answer }) => answer.outcome === 'leased' && answer.creation !== null,
    )) {
      const { access } = states.leasing;
      expect(decide(states.leasing, event)).toMatchObject({ at: 'ready', access, listed: { creations: [] } });
    }
  });

  it('closes a creation whose ready cluster is not the recorded one', () => {
    const [event] = EVENTS.leasing.filter(({ answer }) => answer.outcome === 'other-cluster');
    expect(event && decide(states.leasing, event)).toMatchObject({ at: 'closing', why: 'ClusterFailed' });
  });

  it('closes a creation that the ledger does not let it refuse, for the same failure', () => {
    const [event] = EVENTS.refusing.filter(({ answer }) => answer.outcome === 'not-refusable');
    const { failure } = states.refusing;
    expect(event && decide(states.refusing, event)).toMatchObject({ at: 'closing', why: failure.type });
  });

  it.each(['creating', 'waiting'] as const)('closes its creation at the deadline from %s', (step) => {
    expect(decide<'creating' | 'waiting'>(states[step], { type: 'deadlinePassed' })).toMatchObject({
      at: 'closing',
      creation: anOpenCreation(),
      why: 'ReadinessDeadlineExceeded',
    });
  });

  it.each(['opening', 'pausing', 'creating', 'waiting'] as const)('records a cancel from %s first', (step) => {
    const state = states[step];
    const next = decide<'opening' | 'pausing' | 'creating' | 'waiting'>(state, { type: 'cancelRequested' });
    expect(next).toMatchObject({ at: 'recordingCancel', creation: 'creation' in state ? state.creation : null });
  });

  it('tries all placements again after the pause, with none skipped', () => {
    const skipped = [{ placementIndex: 1, provider: 'p', region: 'r', type: 'QuotaExceeded', message: 'no' }];
    const state = statesWith(aProgress({ placementIndex: 2, skipped, rounds: 3 })).pausing;
    expect(decide(state, { type: 'pauseOver' })).toEqual({ at: 'opening', progress: aProgress({ rounds: 4 }) });
  });
});

describe('a placement without a cluster', () => {
  const skipped = (more: Parameters<typeof aProgress>[0], type: 'QuotaExceeded' | 'ReadinessDeadlineExceeded') =>
    follow(aProgress(more), {
      ...{ outcome: 'settled', version: 1, cancelled: false },
      creation: anOpenCreation({ state: 'absent', why: type, placementIndex: more?.placementIndex ?? 0 }),
    });

  it('is followed by the next one', () => {
    expect(skipped({}, 'QuotaExceeded')).toMatchObject({ at: 'opening', progress: { placementIndex: 1 } });
  });

  it('ends the request where it is the last', () => {
    expect(skipped({ placementIndex: 1 }, 'QuotaExceeded')).toMatchObject({
      at: 'endingFailed',
      failure: { type: 'QuotaExceeded' },
    });
  });

  it('is followed by a pause where it is the last and the policy is to wait', () => {
    expect(skipped({ placementIndex: 1, whenExhausted: 'wait' }, 'QuotaExceeded').at).toBe('pausing');
  });

  it('ends the request after a deadline where the policy says so', () => {
    expect(skipped({ onDeadline: 'next' }, 'ReadinessDeadlineExceeded').at).toBe('opening');
    expect(skipped({ onDeadline: 'fail' }, 'ReadinessDeadlineExceeded').at).toBe('endingFailed');
  });
});
