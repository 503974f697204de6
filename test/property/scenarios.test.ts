import { describe, expect, it } from 'vitest';
import type { ProviderCreation, ProviderLedger } from '../../activities/ledger/provider-ledger.ts';
import type { FoundCluster, Provider } from '../../activities/providers/provider.ts';
import type { Answer, Creation } from '../../contracts/creation.ts';
import type { State } from '../../workflows/provision/state.ts';
import { aCreation } from '../builders/creation.ts';
import { REAL, type Code } from './code.ts';
import { mutant } from './mutants.ts';

const KEY = 'mu-aaaaaa-bbbbbbbbbbbbbbbbbbbbbbbbbb';
const NOW_MS = 1_000_000_000;

const creation = (changed: Partial<Creation>): Creation =>
  aCreation({
    ...{ key: KEY, state: 'open', team: 't', provider: 'p', region: 'here', hourlyMicros: 1, holdMicros: 1 },
    ...{ clusterId: 'c1', owner: 'provision/r', readyTimeoutMs: 1, openedAtMs: NOW_MS, leasedAtMs: null },
    ...{ leaseUntilMs: null, terms: null, condition: null, conditionAtMs: null },
    ...changed,
  });

const answer = (outcome: string, resourcesRemain: Creation | null, cancelled = false): Answer<never> => ({
  outcome: outcome as never,
  creation: resourcesRemain,
  version: 1,
  cancelled,
  creations: [],
});

const progress: State['progress'] = {
  ...{
    placements: 2,
    onDeadline: 'next',
    whenExhausted: 'fail',
    placementIndex: 0,
    version: 1,
    skipped: [],
    rounds: 0,
  },
};
const failure = { type: 'ClusterFailed', message: 'it failed' } as const;
const SETTLING: State = {
  at: 'settling',
  creation: creation({ state: 'closing' }),
  proof: { claims: 1, goneAtMs: NOW_MS },
  progress,
};

const ROW: ProviderCreation = {
  key: KEY,
  request: 'r',
  number: 1,
  state: 'leased',
  region: 'here',
  call: {},
  clusterId: 'c1',
  claims: 1,
  answered: 1,
  claimMs: 60_000,
  sendUntilMs: NOW_MS - 3_600_000,
  lateClusterWindowMs: 60_000,
  deleteReserveMs: 0,
  hourlyMicros: 1,
  openedAtMs: NOW_MS - 3_600_000,
  leasedAtMs: null,
  leaseUntilMs: null,
  endedAtMs: null,
  condition: null,
  cancelled: false,
  nowMs: NOW_MS,
};

/** What `makeAbsent` deletes when the row is in this state. */
async function deleted(code: Code, state: ProviderCreation['state']): Promise<string[]> {
  const gone: string[] = [];
  const living: FoundCluster = { clusterId: 'c1', name: KEY, state: 'ready', createdAtMs: NOW_MS };
  const provider: Provider = {
    name: 'p',
    idempotency: 'neither',
    calls: [],
    find: () => Promise.resolve({ kind: 'ours', cluster: living }),
    list: () => Promise.resolve([living]),
    create: () => Promise.reject(new Error('not asked for')),
    observe: () => Promise.reject(new Error('not asked for')),
    access: () => Promise.reject(new Error('not asked for')),
    units: () => Promise.resolve([]),
    delete: (_region, clusterId) => Promise.resolve(void gone.push(clusterId)),
    identity: () => Promise.resolve('nobody'),
    nonexistentId: 'nobody',
    close: () => undefined,
  };
  const providerLedger: ProviderLedger = {
    read: () => Promise.resolve({ ...ROW, state }),
    claimSend: () => Promise.reject(new Error('not asked for')),
    releaseSend: () => Promise.resolve(),
    adopt: () => Promise.resolve(),
    recordObserved: () => Promise.resolve(),
    recordPrice: () => Promise.resolve(),
    recordDuplicatesGone: () => Promise.resolve(),
    recordCondition: () => Promise.reject(new Error('not asked for')),
  };
  await code
    .providerActivities(provider, providerLedger, { speed: 1, pause: () => Promise.resolve() })
    .makeAbsent({ key: KEY })
    .catch(() => undefined);
  return gone;
}

describe('deletes only while closing', () => {
  it.each(['open', 'leased', 'refused', 'absent', 'released'] as const)('never while %s', async (state) => {
    expect(await deleted(REAL, state)).toEqual([]);
  });

  it('but then it does', async () => {
    expect(await deleted(REAL, 'closing')).toEqual(['c1']);
  });

  it('which is what keeps a leased cluster alive', async () => {
    const code = await mutant('delete-whatever-the-state', [
      {
        file: 'activities/providers/make-absent.ts',
        from: `if (row.state !== 'closing') return proof;`,
        to: '',
      },
    ]);
    expect(await deleted(code, 'leased')).toEqual(['c1']);
  });
});

const DECIDE = 'workflows/provision/decide.ts';

describe('a lease that is being released is left to the lease', () => {
  const released = creation({ state: 'closing', leasedAtMs: NOW_MS, owner: 'cluster/r/1' });
  const next = (code: Code): string =>
    code.decide(SETTLING, { type: 'answered', answer: answer('not-closing', released) }).at;

  it('and the request ends ready', () => {
    expect(next(REAL)).toBe('ready');
  });

  it('where otherwise it would delete what is not its own', async () => {
    const code = await mutant('closing-is-always-ours', [
      { file: DECIDE, from: 'return creation.leasedAtMs === null', to: 'return creation.key !== null' },
    ]);
    expect(next(code)).toBe('makingAbsent');
  });
});

describe('the last step asks the ledger whether anything of the request is left', () => {
  const ENDING: readonly State[] = [
    { at: 'endingFailed', failure, progress },
    { at: 'endingCancelled', progress },
  ];
  const active = creation({ number: 2 });

  it.each(ENDING)('and from $at goes on with what is', (state) => {
    const next = REAL.decide(state, { type: 'answered', answer: answer('active', active) });
    expect(next).toMatchObject({ at: 'creating', creation: active });
  });

  it.each([
    ['endingFailed', 'failed'],
    ['endingCancelled', 'cancelled'],
  ] as const)('where otherwise %s would leave it behind', async (from, end) => {
    const code = await mutant(`end-whatever-is-left-${end}`, [
      {
        file: DECIDE,
        from: `case '${from}':\n      return outcome === 'ended'`,
        to: `case '${from}':\n      return outcome !== ''`,
      },
    ]);
    const state = ENDING.find(({ at }) => at === from) ?? SETTLING;
    expect(code.decide(state, { type: 'answered', answer: answer('active', active) }).at).toBe(end);
  });
});

/** Every step that the ledger answers, and every state in which it may find the creation. */
const SHIELDED: readonly State[] = [
  SETTLING,
  { at: 'closing', creation: creation({}), why: 'ClusterFailed', message: 'it failed', progress },
  { at: 'refusing', creation: creation({}), attempt: 'a', failure, progress },
  { at: 'recordingCancel', creation: null, progress },
  { at: 'endingFailed', failure, progress },
  { at: 'endingCancelled', progress },
  {
    at: 'leasing',
    creation: creation({}),
    clusterId: 'c1',
    access: { clusterId: 'c1', clusterName: KEY, nodeCount: 0, nodes: [], login: [] },
    progress,
  },
];

describe.each(SHIELDED)('from $at every answer is followed:', (state) => {
  it.each([
    ['open', creation({}), false, 'creating'],
    ['open, cancelled', creation({}), true, 'closing'],
    ['closing', creation({ state: 'closing', why: 'Orphaned' }), false, 'makingAbsent'],
    ['leased', creation({ state: 'leased', leasedAtMs: NOW_MS }), false, 'ready'],
    ['released', creation({ state: 'released', leasedAtMs: NOW_MS }), false, 'ready'],
    ['closing by its lease', creation({ state: 'closing', leasedAtMs: NOW_MS }), true, 'ready'],
    ['absent, for no fault of its placement', creation({ state: 'absent', why: 'Orphaned' }), false, 'opening'],
    ['absent, cancelled', creation({ state: 'absent', why: 'Cancelled' }), true, 'endingCancelled'],
    ['refused', creation({ state: 'refused', why: 'QuotaExceeded', whyText: 'no' }), false, 'opening'],
    ['nothing', null, false, 'opening'],
    ['nothing, cancelled', null, true, 'endingCancelled'],
  ] as const)('%s', (_what, resourcesRemain, cancelled, to) => {
    const told = { type: 'answered', answer: answer('stands', resourcesRemain, cancelled) } as const;
    expect(REAL.decide(state, told).at).toBe(to);
  });
});
