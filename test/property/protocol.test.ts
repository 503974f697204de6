import { expect, inject, it } from 'vitest';
import type { IdempotencyClass } from '../../contracts/providers/definition.ts';
import { rerunCommand, rerunSeed } from '../setup/rerun.ts';
import { CLASSES, runBatch } from './run-batch.ts';
import type { Violation } from './surroundings.ts';

/** Random worlds for each idempotency class. */
const WORLDS = 700;
const FIRST_SEED = 1;
const LANES = 4;

/** What happens in at least one world. Worlds without these would prove little. */
const MUST_BE_COVERED = [
  ...['opened', 'existing', 'cancelled', 'stale-version', 'budget-exceeded'].map(
    (outcome) => `openCreation ${outcome}`,
  ),
  ...['claimed', 'closed', 'cancelled', 'busy', 'stale-claim'].map((outcome) => `claimSend ${outcome}`),
  ...['refused', 'not-refusable'].map((outcome) => `refuse ${outcome}`),
  ...['closing', 'leased', 'not-owner', 'ended'].map((outcome) => `beginClosing ${outcome}`),
  ...['leased', 'not-open'].map((outcome) => `lease ${outcome}`),
  ...['ended', 'active'].map((outcome) => `endRequest ${outcome}`),
  ...['recorded', 'use-release', 'lifted'].map((outcome) => `recordCancel ${outcome}`),
  ...['ready', 'failed', 'gone', 'closing'].map((seen) => `hint ${seen}`),
  ...['ready', 'not-ready'].flatMap((kind) => [`checkReadiness ${kind}`, `checkReadiness ${kind}, hinted`]),
  ...['ready', 'gone', 'closing'].map((condition) => `inspectCluster ${condition}`),
  ...['extended', 'budget-exceeded'].map((outcome) => `extendHold ${outcome}`),
  'a late cluster removed',
  'provisioned again',
  'settle settled',
  'liftCancel lifted',
  'an overdue send',
  ...['makingAbsent', 'ready', 'opening', 'endingCancelled'].map((to) => `closing -> ${to}`),
  ...['waiting', 'refusing', 'closing', 'opening', 'recordingCancel'].map((to) => `creating -> ${to}`),
  ...['leasing', 'opening', 'closing', 'recordingCancel'].map((to) => `waiting -> ${to}`),
  ...['opening', 'endingFailed', 'endingCancelled'].map((to) => `settling -> ${to}`),
  ...['creating', 'closing', 'makingAbsent', 'endingCancelled'].map((to) => `recordingCancel -> ${to}`),
  'opening -> ready',
  'leasing -> ready',
];

it('every promise holds at a provider of each class, whatever happens in whatever order', async () => {
  const only = rerunWorld();
  const covered = new Map<string, number>();
  const violation = await runBatch({
    postgresUrl: inject('postgresUrl'),
    classes: only === undefined ? CLASSES : [only.idempotency],
    firstSeed: only?.seed ?? FIRST_SEED,
    worlds: only === undefined ? WORLDS : 1,
    lanes: only === undefined ? LANES : 1,
    covered,
  });
  expect(violation && `${violation.message}\n\n${rerunText(violation)}`).toBeUndefined();
  if (only === undefined) expect(MUST_BE_COVERED.filter((what) => !covered.has(what))).toEqual([]);
}, 300_000);

/** The one world that MUSTER_SEED names, such as `neither/17`; undefined to run all. */
function rerunWorld(): { readonly idempotency: IdempotencyClass; readonly seed: number } | undefined {
  const [name, seed] = rerunSeed()?.split('/') ?? [];
  if (name === undefined) return undefined;
  const idempotency = CLASSES.find((each) => each === name);
  if (idempotency === undefined || !/^\d+$/.test(seed ?? '')) {
    throw new RangeError('MUSTER_SEED must be a class and a number, such as neither/17');
  }
  return { idempotency, seed: Number(seed) };
}

const rerunText = ({ idempotency, seed }: Violation): string => {
  const command = rerunCommand(`${idempotency}/${seed}`, 'ledger', 'test/property/protocol.test.ts');
  return `Run this world alone again with:\n  ${command}`;
};
