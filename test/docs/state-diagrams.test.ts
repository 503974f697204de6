import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CREATION_STATES, CREATION_TRANSITIONS, FIRST_CREATION_STATES } from '../../contracts/creation.ts';
import type { Plan } from '../../contracts/plan.ts';
import { projectRoot } from '../../platform/project-root.ts';
import { decide } from '../../workflows/provision/decide.ts';
import { follow } from '../../workflows/provision/follow.ts';
import { initialState, isEnd, type Progress, type State, type StepName } from '../../workflows/provision/state.ts';
import { answersWith, aProgress, EVENTS, statesWith } from '../builders/request-steps.ts';

/* The state diagrams of docs/ARCHITECTURE.md have exactly the states and transitions of the code. */

const START_OR_END = '[*]';
const arrow = (from: string, to: string): string => `${from} --> ${to}`;

/** The transitions of the Mermaid diagram under a heading, without their labels. */
function diagram(heading: string): string[] {
  const text = readFileSync(path.join(projectRoot(), 'docs', 'ARCHITECTURE.md'), 'utf8');
  const [, block] =
    new RegExp(`^#+ ${heading}$[^#]*?^\`\`\`mermaid\n(stateDiagram-v2\n.*?)^\`\`\``, 'ms').exec(text) ?? [];
  if (block === undefined) throw new Error(`docs/ARCHITECTURE.md has no state diagram under "${heading}"`);
  return [...block.matchAll(/^ *(\S+) --> ([^\s:]+)/gm)].map(([, from = '', to = '']) => arrow(from, to));
}

/** What the code does: creations in the ledger. The ledger's tests check the same table against its functions. */
const creationTransitions = (): string[] => [
  ...FIRST_CREATION_STATES.map((state) => arrow(START_OR_END, state)),
  ...CREATION_STATES.flatMap((from) => {
    const next = CREATION_TRANSITIONS[from];
    return next.length === 0 ? [arrow(from, START_OR_END)] : next.map((to) => arrow(from, to));
  }),
];

/** Where a run may stand, as far as its policy looks at it. */
const PROGRESS: readonly Progress[] = [0, 1].flatMap((placementIndex) =>
  (['next', 'fail'] as const).flatMap((onDeadline) =>
    (['fail', 'wait'] as const).map((whenExhausted) => aProgress({ placementIndex, onDeadline, whenExhausted })),
  ),
);

const STEPS = Object.keys(EVENTS) as StepName[];

const PLAN: Plan = {
  ...{ requestId: 'r', team: 't', bodyHash: 'h', placements: [] },
  ...{ onDeadline: 'next', whenExhausted: 'fail', exhaustedPauseMs: 1 },
};

/** The choice that several steps share: they follow the ledger's answer. */
const FOLLOW = 'follow';

/** What the code does: every step, with every event that it can come to. */
function stepTransitions(): string[] {
  const found = new Set([arrow(START_OR_END, initialState(PLAN).at)]);
  const reach = (from: string, next: State): void => {
    found.add(arrow(from, next.at));
    if (isEnd(next)) found.add(arrow(next.at, START_OR_END));
  };
  for (const progress of PROGRESS) {
    const states = statesWith(progress);
    for (const step of STEPS) {
      for (const event of EVENTS[step]) {
        const next = decide<StepName>(states[step], event);
        const followed = 'answer' in event ? follow(progress, event.answer) : null;
        if (JSON.stringify(next) === JSON.stringify(followed)) found.add(arrow(step, FOLLOW));
        else reach(step, next);
      }
    }
    for (const answer of answersWith('found')) reach(FOLLOW, follow(progress, answer));
  }
  return [...found];
}

describe('the diagrams of docs/ARCHITECTURE.md', () => {
  it.each([
    ['States of a creation', creationTransitions],
    ['Steps of a request', stepTransitions],
  ])('"%s" shows the transitions of the code, each once', (heading, transitions) => {
    expect(diagram(heading).sort()).toEqual(transitions().sort());
  });
});
