import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Creation } from '../../contracts/creation.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { cutShort, latest, leased, teamOf, untilShown, untilState } from '../setup/leases.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { until } from '../setup/until.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const open = { durationMs: undefined };
const SLICES = { leftMs: 4_000, sliceMs: 4_000 };

/** A lease without an end whose funded time ends soon, and whose team has no budget left. */
async function pressed(requestId: string, onUnfunded: 'release' | 'park'): Promise<Creation> {
  const team = await teamOf(harness, `team-${requestId}`);
  const { holdMicros } = await leased(harness, requestId, { ...open, team, policies: { onUnfunded } });
  await harness.ledger.setBudget(team, 'total', holdMicros, 'test');
  return cutShort(harness, requestId, SLICES);
}

describe('a lease without an end', () => {
  it('holds slice after slice before the last one ends', async () => {
    await leased(harness, 'open', open);
    const before = await cutShort(harness, 'open', SLICES);
    const after = await until(
      async () => {
        const creation = await latest(harness, 'open');
        return (creation.leaseUntilMs ?? 0) >= (before.leaseUntilMs ?? 0) + 2 * SLICES.sliceMs && creation;
      },
      { what: 'two more slices' },
    );
    // Each slice begins where the last one ended.
    const slices = ((after.leaseUntilMs ?? 0) - (before.leaseUntilMs ?? 0)) / SLICES.sliceMs;
    expect(Number.isInteger(slices)).toBe(true);
    const sliceMicros = (after.holdMicros - before.holdMicros) / slices;
    expect(sliceMicros).toBeCloseTo((before.hourlyMicros * SLICES.sliceMs) / 3_600_000, -1);
    await expectLeased(harness, 'open');
  });

  it('is released at the end of its funded time if there is no budget for more', async () => {
    const { leaseUntilMs } = await pressed('broke', 'release');
    const ended = await untilState(harness, 'broke', 'released');
    expect(ended.why).toBe('Unfunded');
    expect(ended.leaseUntilMs).toBe(leaseUntilMs);
    expect(ended.endedAtMs).toBeGreaterThanOrEqual(leaseUntilMs ?? Infinity);
    await expectNothingLeft(harness, 'broke');
  });

  it('is parked then if its policy says so, and goes on when the limit is raised', async () => {
    const before = await pressed('parked', 'park');
    await untilShown(harness, before, 'leased', 'Unfunded');
    await untilShown(harness, before, 'parked', 'Unfunded');
    await expectLeased(harness, 'parked');
    const raisedAtMs = Date.now();
    await harness.ledger.setBudget('team-parked', 'total', 10_000_000_000_000, 'test');
    await untilShown(harness, before, 'leased', null);
    const { leaseUntilMs, holdMicros } = await expectLeased(harness, 'parked').then(
      ({ creations: [one] }) => one as Creation,
    );
    expect(leaseUntilMs).toBeGreaterThanOrEqual(raisedAtMs + SLICES.sliceMs);
    // The hold covers the time from the old end to the new one, so it also pays for the unfunded time between.
    const heldMicros = (((leaseUntilMs ?? 0) - (before.leaseUntilMs ?? 0)) * before.hourlyMicros) / 3_600_000;
    expect(holdMicros - before.holdMicros).toBeCloseTo(heldMicros, -1);
  });

  it('is released on order while it is parked', async () => {
    const before = await pressed('tired', 'park');
    await untilShown(harness, before, 'parked', 'Unfunded');
    await harness.muster.release('tired');
    expect(await untilState(harness, 'tired', 'released')).toMatchObject({ why: 'Released' });
    await expectNothingLeft(harness, 'tired');
  });
});
