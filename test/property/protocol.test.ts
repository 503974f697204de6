import { expect, inject, it } from 'vitest';
import { CLASSES, runBatch } from './run.ts';

/** Worlds of each class of provider: orders of events, drawn anew from each seed. */
export const WORLDS = 700;
export const FIRST_SEED = 1;
const LANES = 4;

/** Worlds that never come here would prove little. */
const MUST_BE_MET = [
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

it('keeps every promise, at a provider of each class, whatever comes in whatever order', async () => {
  const met = new Map<string, number>();
  const violation = await runBatch({
    postgresUrl: inject('postgresUrl'),
    classes: CLASSES,
    firstSeed: FIRST_SEED,
    worlds: WORLDS,
    lanes: LANES,
    met,
  });
  expect(violation?.message).toBeUndefined();
  expect(MUST_BE_MET.filter((what) => !met.has(what))).toEqual([]);
}, 300_000);
