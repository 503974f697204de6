import type { Creation } from '../../../contracts/creation.ts';
import { HOLD, type Kit } from '../kit.ts';
import type { Scenario } from './scenario.ts';

const creationOf = async (kit: Kit, { requestId, number }: Creation): Promise<Creation | undefined> =>
  (await kit.ledger.receipt(requestId)).creations[number - 1];

/** The answer to its request when it asks for a creation again. */
async function openedAgain(kit: Kit, { requestId, team }: Creation): Promise<unknown[]> {
  const { version } = await kit.ledger.readRequest(requestId);
  const { outcome, creation } = await kit.ledger.openCreation(await kit.opening({ requestId, team, version }));
  return [outcome, creation?.number];
}

export const LEASES: readonly Scenario[] = [
  {
    promise: 'a lease during its release is not extended',
    run: async (kit) => {
      const creation = await kit.leased();
      await kit.release(creation);
      return (await kit.ledger.extendHold(creation.key, (creation.leaseUntilMs ?? 0) + 1000, 'test')).outcome;
    },
    holds: 'not-leased',
    clauses: [
      {
        clause: 'only a leased creation is extended',
        in: 'extend_hold',
        text: "if c.state <> 'leased' then",
        without: 'if false then',
        breaks: 'extended',
      },
    ],
  },
  {
    promise: 'an extension that is ordered twice is held once',
    run: async (kit) => {
      const { key, team, leaseUntilMs } = await kit.leased();
      for (let time = 0; time < 2; time += 1) await kit.ledger.extendHold(key, (leaseUntilMs ?? 0) + 1000, 'test');
      const { rows } = await kit.db.admin.query<{ slices: number }>(
        'select count(*) as slices from muster.slice where key = $1',
        [key],
      );
      return [rows[0]?.slices, (await kit.money(team)).held];
    },
    holds: [2, HOLD + 1000],
    clauses: [
      {
        clause: 'a lease that is funded until then is not funded again',
        in: 'extend_hold',
        text: 'elsif c.lease_until_ms >= p_until_ms then',
        without: 'elsif false then',
        // No time is left to pay for.
        breaks: [3, HOLD + 1000],
      },
    ],
  },
  {
    promise: 'a released request opens its next creation only when that was allowed',
    run: async (kit) => {
      const [kept, replaced] = [await kit.released(), await kit.released()];
      await kit.ledger.reprovision(replaced.key);
      return [await openedAgain(kit, kept), await openedAgain(kit, replaced)];
    },
    holds: [
      ['existing', 1],
      ['opened', 2],
    ],
    clauses: [
      {
        clause: 'a released creation is answered as existing',
        in: 'open_creation',
        text: "or (c.state = 'released' and not c.replaceable)",
        without: '',
        breaks: [
          ['opened', 2],
          ['opened', 2],
        ],
      },
      {
        clause: 'unless it may be replaced',
        in: 'open_creation',
        text: ' and not c.replaceable',
        without: '',
        breaks: [
          ['existing', 1],
          ['existing', 1],
        ],
      },
    ],
  },
  {
    promise: 'a cluster that may still cost money is not replaced',
    run: async (kit) => {
      const creation = await kit.leased();
      await kit.release(creation);
      return (await kit.ledger.reprovision(creation.key)).outcome;
    },
    holds: 'not-released',
    clauses: [
      {
        clause: 'only a released creation may be replaced',
        in: 'reprovision',
        text: "elsif c.state <> 'released' then",
        without: 'elsif false then',
        breaks: 'reprovisioned',
      },
    ],
  },
  {
    promise: 'the condition of a cluster is recorded only while it is leased',
    run: async (kit) => {
      const creation = await kit.leased();
      await kit.release(creation);
      return [
        await kit.providerLedger.recordCondition(creation.key, 'gone', ''),
        (await creationOf(kit, creation))?.condition,
      ];
    },
    holds: ['closing', 'ready'],
    clauses: [
      {
        clause: 'only a leased creation has a condition to record',
        in: 'record_condition',
        text: "if c.state <> 'leased' then",
        without: 'if false then',
        breaks: ['closing', 'gone'],
      },
    ],
  },
];
