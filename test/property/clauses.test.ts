import { describe, expect, inject, it } from 'vitest';
import type { IdempotencyClass } from '../../contracts/providers/definition.ts';
import { mutant, type Edit } from './mutant.ts';
import { runBatch } from './run-batch.ts';

/** Worlds that a mutant may survive at most. */
const WORLDS = 1_500;
const FIRST_SEED = 1;
const LANES = 2;

interface Clause extends Edit {
  readonly clause: string;
  readonly idempotency: IdempotencyClass;
  /** The violation without the clause. */
  readonly breaks: RegExp;
  /** A second edit, where another clause keeps the same promise. */
  readonly also?: Edit;
  readonly machinesStop?: true;
}

const CREATE = 'activities/providers/create-cluster.ts';
const REMOVE = 'activities/providers/delete-cluster.ts';
const ABSENT = 'activities/providers/make-absent.ts';
const ABSENCE = 'activities/providers/absence.ts';
const FOLLOW = 'workflows/provision/follow.ts';
const TWO_LIVE = /live or may still appear|under a key that has ended/;

/** A cluster counts as shown as soon as the provider has answered with it. */
const UNSEEN: Edit = {
  file: ABSENCE,
  from: 'const answeredMs = row.clusterId === null ? 0 : VISIBILITY_GRACE_MS / timing.speed;',
  to: 'const answeredMs = 0;',
};

const CLAUSES: readonly Clause[] = [
  {
    clause: 'the count of claims is read before the search',
    idempotency: 'neither',
    file: CREATE,
    from: 'ledger.claimSend(row.key, attempt, row.claims)',
    to: 'ledger.claimSend(row.key, attempt, (await ledger.read(row.key)).claims)',
    breaks: TWO_LIVE,
  },
  {
    clause: 'nothing is sent after the claim has ended',
    idempotency: 'neither',
    file: CREATE,
    from: 'if (monotonicMs(timing) - claimAskedAt >= row.claimMs) {',
    to: 'if (monotonicMs(timing) < claimAskedAt) {',
    breaks: /sends after its right to send has ended/,
  },
  {
    clause: 'each execution claims under its own id',
    idempotency: 'neither',
    file: CREATE,
    from: 'attempt: string = randomUUID()',
    to: 'attempt: string = context.row.key',
    breaks: TWO_LIVE,
  },
  {
    clause: 'an ambiguous answer does not count as an answer',
    idempotency: 'neither',
    file: CREATE,
    from: 'ledger.releaseSend(row.key, attempt, error.definite, leftoverOf(error, row))',
    to: 'ledger.releaseSend(row.key, attempt, true, null)',
    breaks: TWO_LIVE,
  },
  {
    clause: 'a taken name counts as an answer only when a search shows who has it',
    idempotency: 'unique-name',
    file: CREATE,
    from: `ledger.releaseSend(row.key, attempt, found.kind !== 'none', null)`,
    to: 'ledger.releaseSend(row.key, attempt, true, null)',
    breaks: TWO_LIVE,
  },
  {
    clause: 'a key is not sent again while a cluster that was answered for it may not show yet',
    idempotency: 'neither',
    file: CREATE,
    from: 'if (row.clusterId !== null) return',
    to: 'if (row.clusterId === "") return',
    also: UNSEEN,
    breaks: TWO_LIVE,
  },
  {
    clause: 'where names are not unique, a key is sent again only on proof of absence',
    idempotency: 'neither',
    file: CREATE,
    from: `if (row.claims === 0 || provider.idempotency === 'unique-name') return;`,
    to: 'if (row.claims >= 0) return;',
    breaks: TWO_LIVE,
  },
  {
    clause: 'a token does not replace the proof of absence: the provider may forget it before the window ends',
    idempotency: 'token',
    file: CREATE,
    from: `if (row.claims === 0 || provider.idempotency === 'unique-name') return;`,
    to: `if (row.claims === 0 || provider.idempotency !== 'neither') return;`,
    breaks: TWO_LIVE,
  },
  {
    clause: 'a key is sent again only after the late-cluster window',
    idempotency: 'neither',
    file: CREATE,
    from: 'if (waitMs > 0) throw',
    to: 'if (waitMs < 0) throw',
    breaks: TWO_LIVE,
  },
  {
    clause: 'absence is proven only after the late-cluster window',
    idempotency: 'unique-name',
    file: ABSENT,
    from: 'if (lateMs > 0) {',
    to: 'if (lateMs < 0) {',
    breaks: TWO_LIVE,
  },
  {
    clause: 'absence is proven only when an answered cluster would show',
    idempotency: 'unique-name',
    ...UNSEEN,
    breaks: TWO_LIVE,
  },
  {
    clause: 'absence takes three pairs of list and get',
    idempotency: 'unique-name',
    file: 'contracts/limits.ts',
    from: 'export const ABSENCE_SEARCHES = 3;',
    to: 'export const ABSENCE_SEARCHES = 1;',
    breaks: TWO_LIVE,
  },
  {
    clause: 'list and get must agree',
    idempotency: 'neither',
    file: ABSENCE,
    from: `return listed.length === 0 ? [] : 'inconclusive';`,
    to: 'return [];',
    breaks: TWO_LIVE,
  },
  {
    clause: 'every cluster with the key is deleted, not only the recorded one',
    idempotency: 'neither',
    file: ABSENT,
    from: 'for (const cluster of living) deletions',
    to: 'for (const cluster of living.filter((each) => each.clusterId === (row.clusterId ?? each.clusterId))) deletions',
    breaks: /never becomes idle/,
    machinesStop: true,
  },
  {
    clause: 'a cluster is recorded before it is deleted',
    idempotency: 'unique-name',
    file: REMOVE,
    from: 'await ledger.recordObserved(row.key, toObservedCluster(cluster, row));',
    to: '',
    breaks: /was never booked/,
  },
  {
    clause: 'any answer may say that the request is cancelled',
    idempotency: 'unique-name',
    file: FOLLOW,
    from: `{ ...progress, placementIndex },
        answer.cancelled`,
    to: `{ ...progress, placementIndex },
        false`,
    breaks: /never becomes idle/,
  },
  {
    clause: 'any answer may say that the lease is over: nothing is opened after it',
    idempotency: 'unique-name',
    file: FOLLOW,
    from: `    case 'leased':
    case 'released':
      return goTo(`,
    to: `    case 'released':
      return goTo(progress, { at: 'opening' });
    case 'leased':
      return goTo(`,
    breaks: /never becomes idle|broke/,
  },
];

describe('without this clause a promise breaks:', () => {
  it.each(CLAUSES)(
    '$clause',
    async ({ clause, idempotency, breaks, also, machinesStop, ...edit }) => {
      const code = await mutant(clause.replaceAll(/[^a-z]+/g, '-'), also ? [edit, also] : [edit]);
      const violation = await runBatch({
        postgresUrl: inject('postgresUrl'),
        classes: [idempotency],
        firstSeed: FIRST_SEED,
        worlds: WORLDS,
        lanes: LANES,
        code,
        machinesStop,
      });
      expect(violation?.message.split('\n')[0]).toMatch(breaks);
    },
    120_000,
  );
});
