import { describe, expect, it } from 'vitest';
import type { RequestView } from '../../client/views.ts';
import { nextSteps } from '../../client/next-steps.ts';
import { phaseOfRun } from '../../client/run-phase.ts';
import type { Creation } from '../../contracts/creation.ts';
import type { RequestRecord } from '../../contracts/reports.ts';
import { aCreation, leaseTerms } from '../builders/creation.ts';

const run = (status: string, last: string | null = null): RequestView => ({
  requestId: 'r',
  workflowId: 'provision/r',
  runId: 'run',
  run: status,
  phase: phaseOfRun(status, last),
  status: null,
  startedAtMs: 0,
  closedAtMs: status === 'RUNNING' ? null : 1,
  url: null,
});

const record = (state: Creation['state'] | null, more: Partial<RequestRecord> = {}): RequestRecord => ({
  requestId: 'r',
  team: 't',
  outcome: null,
  registeredAtMs: 0,
  endedAtMs: null,
  cancel: null,
  liftedCancelIds: [],
  creationCount: state === null ? 0 : 1,
  creations:
    state === null ? [] : [aCreation({ state, team: 't', terms: leaseTerms({ durationMs: null }), condition: null })],
  clusters: [],
  heldMicros: 0,
  costMicros: 0,
  ...more,
});

const leased = (more: Partial<Creation>): RequestRecord =>
  record('leased', {
    creations: [aCreation({ team: 't', terms: leaseTerms({ durationMs: null }), condition: null, ...more })],
  });

const terms = (durationMs: number | null): Creation['terms'] => leaseTerms({ durationMs });

const cancel = { atMs: 0, who: 'a', why: '', orderIds: ['o'] };

describe('the next steps', () => {
  it.each<[string, RequestView | null, RequestRecord | null, string[]]>([
    ['waits', run('RUNNING', 'waiting'), record('open'), ['muster status r --wait', 'muster cancel r']],
    ['compensates', run('RUNNING', 'compensating'), record('closing'), ['muster status r --wait']],
    ['is being cancelled', run('RUNNING', 'waiting'), record('open', { cancel }), ['muster status r --wait']],
    ['is ready', run('COMPLETED'), record('leased'), ['muster release r']],
    ['was leased and its run is forgotten', null, record('leased', { outcome: 'ready' }), ['muster release r']],
    ['was terminated after it was leased', run('TERMINATED', 'waiting'), record('leased'), ['muster release r']],
    [
      'is ready, and will end',
      run('COMPLETED'),
      leased({ terms: terms(3_600_000), condition: 'degraded' }),
      ['muster release r', 'muster extend r --by 4h'],
    ],
    ['is ready without an end', run('COMPLETED'), leased({ terms: terms(null) }), ['muster release r']],
    [
      'has lost its cluster',
      run('COMPLETED'),
      leased({ terms: terms(3_600_000), condition: 'gone' }),
      ['muster release r'],
    ],
    ['was released', run('COMPLETED'), record('released'), ['muster budget journal t']],
    ['failed', run('FAILED'), record('absent'), ['muster submit -f <its file> --again']],
    ['failed long ago', null, record('absent', { outcome: 'failed' }), ['muster submit -f <its file> --again']],
    [
      'was terminated',
      run('TERMINATED', 'waiting'),
      record('open'),
      ['muster submit -f <its file>', 'muster cancel r'],
    ],
    ['was terminated while it compensated', run('TERMINATED', 'compensating'), record('closing'), ['muster cancel r']],
    ['was cancelled', run('CANCELLED'), record('absent', { cancel, outcome: 'cancelled' }), []],
  ])('of a request that %s', (_, view, known, commands) => {
    expect(nextSteps({ requestId: 'r', run: view, record: known }).map(({ command }) => command)).toEqual(commands);
  });
});
