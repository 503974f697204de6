import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProvisioningRequestInput } from '../../contracts/request.ts';
import type { FaultRuleInput } from '../../simulators/index.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { aRequest } from '../builders/request.ts';
import { until } from '../setup/until.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

/** SageMaker first, in the test's own region, then TensorPool. */
function acrossProviders(requestId: string, region: string, more: object = {}): ProvisioningRequestInput {
  const [first] = aRequest(requestId, [region]).placements;
  if (first === undefined) throw new Error('no placement');
  const next = {
    provider: 'tensorpool' as const,
    hourlyPriceMicros: 20_000_000,
    spec: { instanceType: '8xH100' as const },
  };
  return { ...aRequest(requestId), placements: [{ ...first, hourlyPriceMicros: 1_000_000 }, next], ...more };
}

const refusal = { kind: 'error', type: 'ResourceLimitExceeded' } as const;

/** The fate of the first placement: the faults of its creates in order, and why it is skipped. */
const FIRSTS: readonly {
  readonly what: string;
  readonly region: string;
  readonly faults: readonly FaultRuleInput['fault'][];
  readonly type: string;
  readonly state: 'refused' | 'absent';
  /** Clusters that the first provider made. */
  readonly clusters: number;
  readonly readyTimeoutMs?: number;
}[] = [
  {
    what: 'is refused at once',
    region: 'eu-west-1',
    faults: [refusal],
    type: 'QuotaExceeded',
    state: 'refused',
    clusters: 0,
  },
  {
    what: 'gets no reply, and is then proven absent',
    region: 'eu-west-2',
    faults: [{ kind: 'reset' }, refusal],
    type: 'QuotaExceeded',
    state: 'absent',
    clusters: 0,
  },
  {
    what: 'gets no reply, and has a late cluster',
    region: 'eu-west-3',
    // After the second send, which is refused a second later, and before the late-cluster window ends, 5 s after the first.
    faults: [{ kind: 'late-cluster', afterMs: 3_000 }, refusal],
    type: 'QuotaExceeded',
    state: 'absent',
    clusters: 1,
  },
  {
    what: 'fails after it was accepted',
    region: 'eu-north-1',
    faults: [{ kind: 'fails' }],
    type: 'ClusterFailed',
    state: 'absent',
    clusters: 1,
  },
  {
    what: 'misses its deadline',
    region: 'eu-south-1',
    // The provider refuses to delete it while it is created, so the next placement comes after it was created and deleted.
    faults: [{ kind: 'slow', extraMs: 70_000 }],
    type: 'ReadinessDeadlineExceeded',
    state: 'absent',
    clusters: 1,
    readyTimeoutMs: 60_000,
  },
];

describe('a request whose first placement', () => {
  it.concurrent.each(FIRSTS)(
    '$what moves on to the next provider, with one cluster at the end and a balanced ledger',
    async ({ region, faults, type, state, clusters, readyTimeoutMs }) => {
      for (const fault of faults) {
        await harness.control.addFaults({ operation: 'CreateCluster', match: { region }, fault });
      }
      const requestId = `from-${region}`;
      const more = readyTimeoutMs === undefined ? {} : { readyTimeoutMs };
      await harness.muster.submit(acrossProviders(requestId, region, more));
      const cluster = await harness.muster.result(requestId);
      expect(cluster.provider).toBe('tensorpool');
      expect(cluster.receipt.skipped).toMatchObject([{ placementIndex: 0, provider: 'sagemaker', region, type }]);
      const current = await expectLeased(harness, requestId);
      expect(current.creations.map((each) => `${each.provider} ${each.state}`)).toEqual([
        `sagemaker ${state}`,
        'tensorpool leased',
      ]);
      expect(current.clusters.filter((cluster) => cluster.region === region)).toHaveLength(clusters);

      await harness.muster.release(requestId);
      await until(
        async () =>
          (await harness.ledger.receipt(requestId)).creations.every(
            (each) => each.state !== 'leased' && each.state !== 'closing',
          ),
        {
          what: 'the release',
        },
      );
      await expectNothingLeft(harness, requestId);
    },
    150_000,
  );
});

describe('a provider that bills more than planned', () => {
  it('loses its cluster above the price cap, and the next placement is tried', async () => {
    const [fallback] = aRequest('x', ['us-west-2']).placements;
    const dear = {
      provider: 'tensorpool' as const,
      hourlyPriceMicros: 1_000_000,
      maxHourlyPriceMicros: 1_500_000,
      spec: { instanceType: '8xH100' as const },
    };
    await harness.muster.submit({
      ...aRequest('capped'),
      placements: [dear, ...(fallback === undefined ? [] : [fallback])],
    });
    const cluster = await harness.muster.result('capped');
    expect(cluster.provider).toBe('sagemaker');
    expect(cluster.receipt.skipped).toMatchObject([{ provider: 'tensorpool', type: 'BudgetExceeded' }]);
    const { creations } = await expectLeased(harness, 'capped');
    expect(creations[0]?.hourlyMicros).toBeGreaterThan(1_500_000);
  });
});
