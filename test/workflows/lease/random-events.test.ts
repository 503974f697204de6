import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LeaseEvent } from '../../../workflows/lease/events.ts';
import { LEASED_AT_MS } from '../../builders/creation.ts';
import { aLease } from '../../builders/lease.ts';
import { checkRandomly } from '../../setup/random-orders.ts';
import { SimulatedLease, HOUR_MS, type Surroundings } from './simulated-lease.ts';

/** An event, or a ledger restored from an older backup, or nothing; some time after the last one. */
interface TimedEvent {
  readonly afterMs: number;
  readonly event: LeaseEvent | 'set-back' | null;
}

const { key } = aLease().creation;
const event = fc.oneof(
  fc.constant(null),
  fc.constant('set-back' as const),
  fc
    .constantFrom('ready', 'degraded', 'failed', 'gone', 'creating', 'deleting', 'closing' as const)
    .map((seen): LeaseEvent => ({ type: 'hinted', hint: { key, observed: seen } })),
  fc.constant<LeaseEvent>({ type: 'notLeased' }),
  fc.constant<LeaseEvent>({ type: 'inspectionFailed', failure: { type: 'Unauthorized', message: '' } }),
  fc.constant<LeaseEvent>({ type: 'moveFailed', failure: { type: 'Unauthorized', message: '' } }),
);
const timedEvents: fc.Arbitrary<TimedEvent[]> = fc.array(
  fc.record({ afterMs: fc.integer({ min: 0, max: 3 * HOUR_MS }), event }),
  { maxLength: 20 },
);
const terms = fc.record({
  durationMs: fc.constantFrom(null, 12 * HOUR_MS),
  sliceMs: fc.constantFrom(10_000, HOUR_MS, 24 * HOUR_MS),
  onUnfunded: fc.constantFrom('release', 'park' as const),
  onBroken: fc.constantFrom('park', 'release', 'reprovision' as const),
  vendorExpiry: fc.boolean(),
});
/** The budget and the cluster may change each hour. */
const surroundings = fc
  .tuple(
    fc.infiniteStream(fc.boolean()),
    fc.infiniteStream(fc.constantFrom('ready', 'degraded', 'failed', 'gone' as const)),
  )
  .map(([rooms, conditions]): Surroundings => {
    const roomIn = [...rooms.take(200)];
    const conditionIn = [...conditions.take(200)];
    const hour = (atMs: number): number => Math.floor((atMs - LEASED_AT_MS) / HOUR_MS);
    return {
      hasRoom: (atMs) => roomIn[hour(atMs)] ?? false,
      condition: (atMs) => conditionIn[hour(atMs)] ?? 'ready',
    };
  });

/** A ledger restored from an older backup shows the row with its first end. */
const asEvent = (one: LeaseEvent | 'set-back', { state: { creation } }: SimulatedLease): LeaseEvent =>
  one === 'set-back' ? { type: 'rowRead', creation: { ...creation, leaseUntilMs: LEASED_AT_MS + HOUR_MS } } : one;

describe('a lease, whatever happens to it', () => {
  it('waits after each event, lives no longer than it may, and closes only for a reason', () => {
    checkRandomly(
      'unit',
      2_000,
      fc.property(terms, surroundings, timedEvents, (withTerms, around, events) => {
        // The simulation fails if the lease never waits, or waits for a time that has passed.
        const lease = new SimulatedLease(aLease(withTerms, { leaseUntilMs: LEASED_AT_MS + 12 * HOUR_MS }), around);
        for (const { afterMs, event: one } of events) {
          lease.advanceTo(lease.nowMs + afterMs);
          if (lease.isOver) break;
          if (one !== null) lease.record(asEvent(one, lease));
        }
        const end = lease.taken.at(-1);
        const { promisedUntilMs, creation } = lease.state;
        const { condition } = creation;
        const broken = condition === 'failed' || condition === 'gone';
        if (withTerms.durationMs !== null && !lease.isOver) expect(lease.nowMs).toBeLessThan(promisedUntilMs);
        switch (lease.why) {
          case undefined:
            if (!lease.isOver) expect(broken && withTerms.onBroken !== 'park').toBe(false);
            break;
          case 'Broken':
            expect(broken && withTerms.onBroken !== 'park').toBe(true);
            break;
          case 'Unfunded':
            expect(withTerms).toMatchObject({ durationMs: null, onUnfunded: 'release' });
            expect(around.hasRoom(end?.atMs ?? 0)).toBe(false);
            expect(end?.atMs).toBeGreaterThanOrEqual(promisedUntilMs);
            break;
          case 'LeaseEnded':
            expect(end?.atMs).toBe(promisedUntilMs);
            break;
          default:
            expect(lease.why).toBe('never for anything else');
        }
      }),
    );
  });

  it('is released at once when somebody orders it', () => {
    checkRandomly(
      'unit',
      500,
      fc.property(terms, surroundings, timedEvents, (withTerms, around, events) => {
        const lease = new SimulatedLease(aLease(withTerms, { leaseUntilMs: LEASED_AT_MS + 12 * HOUR_MS }), around);
        for (const { afterMs, event: one } of events) {
          lease.advanceTo(lease.nowMs + afterMs);
          if (!lease.isOver && one !== null) lease.record(asEvent(one, lease));
        }
        fc.pre(!lease.isOver);
        lease.record({ type: 'releaseOrdered', order: { who: 'ada', why: '' } });
        expect(lease.taken.at(-1)).toMatchObject({ atMs: lease.nowMs, action: { do: 'close', why: 'Released' } });
      }),
    );
  });
});
