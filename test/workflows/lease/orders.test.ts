import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../workflows/lease/state.ts';
import { aLease } from '../../builders/lease.ts';
import { Drive, HOUR_MS, T0, type World } from './kit.ts';

type Happening = { readonly afterMs: number; readonly event: Event | 'set-back' | null };

const { key } = aLease().creation;
const event = fc.oneof(
  fc.constant(null),
  fc.constant('set-back' as const),
  fc
    .constantFrom('ready', 'degraded', 'failed', 'gone', 'creating', 'deleting', 'closing' as const)
    .map((observed): Event => ({ type: 'hinted', hint: { key, observed } })),
  fc.constant<Event>({ type: 'notLeased' }),
  fc.constant<Event>({ type: 'lookFailed', failure: { type: 'Unauthorized', message: '' } }),
  fc.constant<Event>({ type: 'moveFailed', failure: { type: 'Unauthorized', message: '' } }),
);
const happenings: fc.Arbitrary<Happening[]> = fc.array(
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
/** Each hour has its own luck. */
const world = fc
  .tuple(
    fc.infiniteStream(fc.boolean()),
    fc.infiniteStream(fc.constantFrom('ready', 'degraded', 'failed', 'gone' as const)),
  )
  .map(([rooms, conditions]): World => {
    const roomIn = [...rooms.take(200)];
    const conditionIn = [...conditions.take(200)];
    const hour = (atMs: number): number => Math.floor((atMs - T0) / HOUR_MS);
    return {
      hasRoom: (atMs) => roomIn[hour(atMs)] ?? false,
      condition: (atMs) => conditionIn[hour(atMs)] ?? 'ready',
    };
  });

/** A ledger that was set back shows the row with the end that it had first. */
const asEvent = (one: Event | 'set-back', { life: { creation } }: Drive): Event =>
  one === 'set-back' ? { type: 'read', creation: { ...creation, leaseUntilMs: T0 + HOUR_MS } } : one;

describe('a lease in any order of events', () => {
  it('comes to rest after each, lives no longer than it may, and closes only for a reason', () => {
    fc.assert(
      fc.property(terms, world, happenings, (of, luck, all) => {
        // The driver itself fails where a lease does not come to rest, or waits for what is past.
        const drive = new Drive(aLease(of, { leaseUntilMs: T0 + 12 * HOUR_MS }), luck);
        for (const { afterMs, event: one } of all) {
          drive.until(drive.nowMs + afterMs);
          if (drive.isOver) break;
          if (one !== null) drive.tell(asEvent(one, drive));
        }
        const end = drive.done.at(-1);
        const { promisedUntilMs, creation } = drive.life;
        const { condition } = creation;
        const broken = condition === 'failed' || condition === 'gone';
        if (of.durationMs !== null && !drive.isOver) expect(drive.nowMs).toBeLessThan(promisedUntilMs);
        switch (drive.why) {
          case undefined:
            if (!drive.isOver) expect(broken && of.onBroken !== 'park').toBe(false);
            break;
          case 'Broken':
            expect(broken && of.onBroken !== 'park').toBe(true);
            break;
          case 'Unfunded':
            expect(of).toMatchObject({ durationMs: null, onUnfunded: 'release' });
            expect(luck.hasRoom(end?.atMs ?? 0)).toBe(false);
            expect(end?.atMs).toBeGreaterThanOrEqual(promisedUntilMs);
            break;
          case 'LeaseEnded':
            expect(end?.atMs).toBe(promisedUntilMs);
            break;
          default:
            expect(drive.why).toBe('never for anything else');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is released at once, at whatever moment that is ordered', () => {
    fc.assert(
      fc.property(terms, world, happenings, (of, luck, all) => {
        const drive = new Drive(aLease(of, { leaseUntilMs: T0 + 12 * HOUR_MS }), luck);
        for (const { afterMs, event: one } of all) {
          drive.until(drive.nowMs + afterMs);
          if (!drive.isOver && one !== null) drive.tell(asEvent(one, drive));
        }
        fc.pre(!drive.isOver);
        drive.tell({ type: 'ordered', order: { who: 'ada', why: '' } });
        expect(drive.done.at(-1)).toMatchObject({ atMs: drive.nowMs, act: { do: 'close', why: 'Released' } });
      }),
      { numRuns: 500 },
    );
  });
});
