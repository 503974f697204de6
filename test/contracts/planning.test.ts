import { describe, expect, it } from 'vitest';
import { costMicros, formatMicros } from '../../contracts/money.ts';
import { withExpiry } from '../../contracts/opening.ts';
import { planRequest } from '../../contracts/planning.ts';
import { EXPIRY_PLACEHOLDER } from '../../contracts/providers/definition.ts';
import { parseRequest } from '../../contracts/request.ts';
import { aRequest } from '../builders/request.ts';

const plan = (regions: string[], more: object = {}) => {
  const parsed = parseRequest(aRequest('r', regions, more));
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return planRequest(parsed.request, 'hash', 1);
};

describe('a plan', () => {
  it('holds price x (deadline + deletion + lease), rounded up', () => {
    const made = plan(['us-west-2'], { readyTimeoutMs: 3_600_000, durationMs: 3_600_000 });
    if ('type' in made) throw new Error(made.message);
    // 2 ml.g5.xlarge at 1.208 USD: an hour to become ready, an hour to be deleted, an hour of lease.
    expect(made.placements[0]).toMatchObject({ hourlyMicros: 2_416_000, holdMicros: 3 * 2_416_000 });
  });

  it('funds a day of a request without a duration', () => {
    const made = plan(['us-west-2'], { durationMs: undefined });
    if ('type' in made) throw new Error(made.message);
    expect(made.placements[0]?.leaseMs).toBe(86_400_000);
  });

  it('names a missing price and its placement, and takes a price that the request states', () => {
    expect(plan(['us-west-2', 'eu-west-1'])).toMatchObject({
      type: 'UnknownPrice',
      message: expect.stringMatching(/placements\[1\].*ml\.g5\.xlarge.*eu-west-1/) as string,
    });
    const [first] = aRequest('r', ['eu-west-1']).placements;
    const stated = plan([], { placements: [{ ...first, hourlyPriceMicros: 5_000_000 }] });
    expect(stated).toMatchObject({ placements: [{ hourlyMicros: 5_000_000, priceSource: 'stated by the request' }] });
  });

  it('holds for the most expensive type that a group may get', () => {
    const [first] = aRequest('r').placements;
    if (first?.provider !== 'sagemaker') throw new Error('another provider');
    const [group] = first.spec.instanceGroups;
    const choice = {
      ...group,
      instanceType: undefined,
      instanceTypes: ['ml.g5.xlarge', 'ml.p5.48xlarge', 'ml.c5.xlarge'],
    };
    const made = plan([], { placements: [{ ...first, spec: { instanceGroups: [choice] } }] });
    expect(made).toMatchObject({ placements: [{ hourlyMicros: 2 * 117_984_000 }] });
  });

  it('refuses a placement that costs more than its cap before anything is reserved', () => {
    const [first] = aRequest('r').placements;
    const made = plan([], {
      placements: [
        { ...first, maxHourlyPriceMicros: 2_415_999 },
        { ...first, maxHourlyPriceMicros: 2_416_000 },
      ],
    });
    if ('type' in made) throw new Error(made.message);
    expect(made.placements[0]?.refusal).toMatchObject({
      type: 'BudgetExceeded',
      message: expect.stringContaining('maxHourlyPriceMicros') as string,
    });
    expect(made.placements[1]?.refusal).toBeNull();
  });

  it('contains the complete call, with a placeholder for the key', () => {
    const made = plan(['us-west-2']);
    if ('type' in made) throw new Error(made.message);
    expect(made.placements[0]?.call).toEqual({
      ClusterName: '{{key}}',
      InstanceGroups: [
        {
          InstanceGroupName: 'workers',
          InstanceCount: 2,
          InstanceType: 'ml.g5.xlarge',
          ExecutionRole: 'arn:aws:iam::123456789012:role/hyperpod',
        },
      ],
      Tags: [
        { Key: 'muster:key', Value: '{{key}}' },
        { Key: 'muster:request', Value: 'r' },
      ],
    });
  });
});

describe('money', () => {
  it('rounds a cost up to a whole micro-dollar, and never below zero', () => {
    expect(costMicros(3_600_000, 1)).toBe(1);
    expect(costMicros(1, 1)).toBe(1);
    expect(costMicros(117_984_000, 3_600_000)).toBe(117_984_000);
    expect(costMicros(117_984_000, -5)).toBe(0);
  });

  it('is shown as people write it', () => {
    expect(formatMicros(1_234_500_000)).toBe('$1,234.50');
    expect(formatMicros(1_200)).toBe('$0.001200');
    expect(formatMicros(0)).toBe('$0.00');
  });
});

describe("the provider's own expiry", () => {
  it('replaces its placeholder when the creation opens, later than everything that the hold covers, in whole seconds', () => {
    const made = plan(['us-west-2'], { readyTimeoutMs: 3_600_000, durationMs: 7_200_000 });
    if ('type' in made) throw new Error(made.message);
    const [placement] = made.placements;
    if (placement === undefined) throw new Error('no placement');
    const nowMs = Date.UTC(2026, 10, 21, 8, 0, 0, 999);
    const opened = withExpiry(
      { ...placement, call: { a: EXPIRY_PLACEHOLDER, b: [{ c: `x${EXPIRY_PLACEHOLDER}` }] } },
      nowMs,
    );
    // An hour to become ready, two of lease, one to be deleted, one of margin.
    expect(opened.call).toEqual({ a: '2026-11-21T13:00:00Z', b: [{ c: 'x2026-11-21T13:00:00Z' }] });
    expect(withExpiry(placement, nowMs)).toBe(placement);
  });
});
