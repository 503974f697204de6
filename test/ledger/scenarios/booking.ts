import { HOLD, PLACEMENT, type Kit } from '../kit.ts';
import type { Scenario } from './scenario.ts';

const see = (kit: Kit, key: string, clusterId: string): Promise<void> =>
  kit.providerLedger.recordObserved(key, { clusterId, createdAtMs: null });

const RESERVE = PLACEMENT.deleteReserveMs;
const NO_SETTLEMENT = `if c.state in ('refused', 'absent', 'released') or (c.state = 'leased' and c.cluster_id is distinct from p_cluster_id) then`;

export const BOOKING: readonly Scenario[] = [
  {
    promise: 'a cluster under an ended key is booked as an overrun once, however often it is seen',
    run: async (kit) => {
      const { key } = await kit.absent();
      await see(kit, key, 'c-late');
      await kit.clock.advance(1000);
      await see(kit, key, 'c-late');
      return kit.booked(key, 'overrun');
    },
    holds: [RESERVE],
    clauses: [
      {
        clause: 'each id is booked exactly once',
        in: 'add_observed_cluster',
        text: ' and booked_micros is null',
        without: '',
        breaks: [RESERVE, RESERVE + 1000],
      },
      {
        clause: 'a cluster of an ended row is booked at once',
        in: 'add_observed_cluster',
        text: "c.state in ('refused', 'absent', 'released') or ",
        without: '',
        breaks: [],
      },
    ],
  },
  {
    promise: 'a cluster beside a leased one is booked as an overrun when it is seen, and not again by the settlement',
    run: async (kit) => {
      const creation = await kit.leased('c-1');
      await see(kit, creation.key, 'c-2');
      await kit.clock.advance(1000);
      await kit.release(creation);
      await kit.settle(creation.key);
      return [await kit.booked(creation.key, 'overrun'), await kit.booked(creation.key, 'spend')];
    },
    holds: [[RESERVE], [1000]],
    clauses: [
      {
        clause: 'a cluster beside the leased one is booked at once',
        in: 'add_observed_cluster',
        text: NO_SETTLEMENT,
        without: `if c.state in ('refused', 'absent', 'released') then`,
        breaks: [[], [2000]],
      },
      {
        clause: 'a settlement books no overrun again',
        in: 'settle',
        text: 'v_cost := v_cost - coalesce(',
        without: 'v_cost := v_cost - 0 * coalesce(',
        breaks: [[RESERVE], [RESERVE + 1000]],
      },
      {
        clause: 'a settlement books only clusters that are not booked yet',
        in: 'settle',
        text: 'where key = p_key and booked_micros is null;',
        without: 'where key = p_key;',
        // The overrun's reserve is then taken off a sum that has only its second.
        breaks: [[RESERVE], []],
      },
    ],
  },
  {
    promise: 'the cost of a settled creation covers every cluster that was seen under its key',
    run: async (kit) => {
      const creation = await kit.withCluster('c-1');
      await see(kit, creation.key, 'c-2');
      await kit.close(creation);
      await kit.clock.advance(1000);
      const { creation: ended } = await kit.settle(creation.key);
      return [ended?.costMicros, (await kit.money(creation.team)).spent];
    },
    holds: [2000, 2000],
    clauses: [
      {
        clause: 'the cost covers every observed cluster',
        in: 'settle',
        text: 'from muster.observed_cluster where key = p_key;',
        without: 'from muster.observed_cluster where key = p_key and cluster_id = c.cluster_id;',
        breaks: [1000, 1000],
      },
    ],
  },
  {
    promise: 'cost above the hold is booked, and shows as an overrun',
    run: async (kit) => {
      const creation = await kit.withCluster('c-1', { team: await kit.team(HOLD) });
      await kit.close(creation);
      await kit.clock.advance(HOLD + 1000);
      await kit.settle(creation.key);
      return [await kit.money(creation.team), await kit.booked(creation.key, 'overrun')];
    },
    holds: [{ held: 0, spent: HOLD + 1000 }, [1000]],
    clauses: [
      {
        clause: 'an overrun is a journal line',
        in: 'end_hold',
        text: 'if v_over > 0 then',
        without: 'if false then',
        breaks: [{ held: 0, spent: HOLD + 1000 }, []],
      },
    ],
  },
  {
    promise: 'a hold ends in the month in which it was opened, also in a later month',
    run: async (kit) => {
      const creation = await kit.opened({ team: await kit.team(HOLD, 'month') });
      const { period } = await kit.row(creation.key);
      await kit.clock.advance(31 * 24 * 3_600_000);
      await kit.close(creation);
      await kit.settle(creation.key);
      return kit.money(creation.team, period);
    },
    holds: { held: 0, spent: 0 },
    clauses: [
      {
        clause: 'the rest of the hold is released in the period in which it was opened',
        in: 'end_hold',
        text: 'and period = s.period',
        without: "and period = to_char(to_timestamp(muster.now_ms() / 1000.0) at time zone 'UTC', 'YYYY-MM')",
        breaks: { held: HOLD, spent: 0 },
      },
    ],
  },
];
