import { describe, expect, it } from 'vitest';
import type { ProviderCreation, ProviderLedger } from '../../activities/ledger/provider-ledger.ts';
import type { FoundCluster, Provider } from '../../activities/providers/provider.ts';
import { aProgress, CREATIONS, statesWith } from '../builders/request-steps.ts';
import { REAL_CODE, type CodeUnderTest } from './code-under-test.ts';
import { mutant } from './mutant.ts';

const KEY = 'mu-aaaaaa-bbbbbbbbbbbbbbbbbbbbbbbbbb';
const NOW_MS = 1_000_000_000;

const ROW: ProviderCreation = {
  key: KEY,
  requestId: 'r',
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

/** The clusters that `makeAbsent` deletes when the row is in a state. */
async function deleted(code: CodeUnderTest, state: ProviderCreation['state']): Promise<string[]> {
  const gone: string[] = [];
  const living: FoundCluster = { clusterId: 'c1', name: KEY, state: 'ready', createdAtMs: NOW_MS };
  const provider: Provider = {
    name: 'p',
    idempotency: 'neither',
    calls: [],
    find: () => Promise.resolve({ kind: 'ours', cluster: living }),
    list: () => Promise.resolve([living]),
    create: () => Promise.reject(new Error('no test asks for this')),
    observe: () => Promise.reject(new Error('no test asks for this')),
    access: () => Promise.reject(new Error('no test asks for this')),
    units: () => Promise.resolve([]),
    delete: (_region, clusterId) => Promise.resolve(void gone.push(clusterId)),
    identity: () => Promise.resolve('nobody'),
    nonexistentId: 'nobody',
    close: () => undefined,
  };
  const providerLedger: ProviderLedger = {
    read: () => Promise.resolve({ ...ROW, state }),
    claimSend: () => Promise.reject(new Error('no test asks for this')),
    releaseSend: () => Promise.resolve(),
    adopt: () => Promise.resolve(),
    recordObserved: () => Promise.resolve(),
    recordPrice: () => Promise.resolve(),
    recordDuplicatesGone: () => Promise.resolve(),
    recordCondition: () => Promise.reject(new Error('no test asks for this')),
  };
  await code
    .providerActivities(provider, providerLedger, { speed: 1, pause: () => Promise.resolve() })
    .makeAbsent({ key: KEY })
    .catch(() => undefined);
  return gone;
}

describe('makeAbsent', () => {
  it.each(['open', 'leased', 'refused', 'absent', 'released'] as const)(
    'deletes nothing while the creation is %s',
    async (state) => {
      expect(await deleted(REAL_CODE, state)).toEqual([]);
    },
  );

  it('deletes the cluster while the creation is closing', async () => {
    expect(await deleted(REAL_CODE, 'closing')).toEqual(['c1']);
  });

  it('would delete a leased cluster without this clause', async () => {
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

describe('a lease that is being released keeps its creation', () => {
  const { settling } = statesWith(aProgress());
  const creation = CREATIONS['closing by its lease'];
  const answer = { outcome: 'not-closing', creation, version: 1, cancelled: false } as const;
  const next = (code: CodeUnderTest): string => code.decide(settling, { type: 'answered', answer }).at;

  it('and its request ends ready', () => {
    expect(next(REAL_CODE)).toBe('ready');
  });

  it('and without this clause the request would delete the cluster itself', async () => {
    const code = await mutant('closing-is-always-ours', [
      {
        file: 'workflows/provision/follow.ts',
        from: 'return creation.leasedAtMs === null',
        to: 'return creation.key !== null',
      },
    ]);
    expect(next(code)).toBe('makingAbsent');
  });
});

describe('the last step asks the ledger whether anything of the request is left', () => {
  const states = statesWith(aProgress());
  const answer = { outcome: 'active', creation: CREATIONS.open, version: 1, cancelled: false } as const;
  const event = {
    type: 'answered',
    answer: { ...answer, creations: [], totals: { creations: 1, costMicros: 0 } },
  } as const;

  it.each([
    ['endingFailed', 'failed', "{ at: 'failed', failure, listed: answer }"],
    ['endingCancelled', 'cancelled', "{ at: 'cancelled' }"],
  ] as const)('and without this clause %s would leave it behind', async (step, end, next) => {
    const ending = `        return goTo(withVersion(progress, answer), ${next});\n`;
    const code = await mutant(`end-whatever-is-left-${end}`, [
      {
        file: 'workflows/provision/decide.ts',
        from: `${ending}      case 'active':\n        return follow(progress, answer);\n`,
        to: `      case 'active':\n${ending}`,
      },
    ]);
    expect(REAL_CODE.decide<'endingFailed' | 'endingCancelled'>(states[step], event).at).toBe('creating');
    expect(code.decide<'endingFailed' | 'endingCancelled'>(states[step], event).at).toBe(end);
  });
});
