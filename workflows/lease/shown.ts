import { isBroken, isOpenEnded, isOverdue, isLedgerBehind, type LeaseState } from './state.ts';

/** What a lease's page and its search attributes say of it while it lives. */
export interface Shown {
  /** `parked`: it waits for somebody, and keeps what it owns. */
  readonly phase: 'leased' | 'parked';
  readonly reason:
    | 'ClusterFailed'
    | 'ClusterVanished'
    | 'ClusterDegraded'
    | 'Unfunded'
    | 'ExpiryNotMoved'
    | 'EndsSoon'
    | 'LooksFail'
    | 'NotInLedger'
    | null;
  /** What it means, and what may be done. */
  readonly note: string;
}

/** The most pressing thing first. */
export function shownOf(life: LeaseState): Shown {
  const { creation, trouble } = life;
  if (!life.inLedger) {
    return parked('NotInLedger', 'The ledger does not know this lease. `muster audit --rebuild` writes its row again.');
  }
  if (isBroken(life)) {
    const choice = 'It keeps its hold and waits for a release; should it work again, the lease goes on.';
    return creation.condition === 'gone'
      ? parked('ClusterVanished', `The cluster is gone from its provider. ${choice}`)
      : parked('ClusterFailed', `The cluster has failed. ${choice}${life.refusedAtMs === null ? '' : ` ${NO_ROOM}`}`);
  }
  if (life.refusedAtMs !== null) return unfunded(life);
  if (trouble.move !== null) {
    return leased(
      'ExpiryNotMoved',
      'Its provider ends it by itself before its funded time is over, unless that is mended.',
    );
  }
  if (!isOpenEnded(life) && life.warned.aheadMs !== null) {
    return leased('EndsSoon', `It ends at ${iso(life.promisedUntilMs)}. \`muster extend\` moves that.`);
  }
  if (trouble.look !== null) return leased('LooksFail', 'What became of the cluster is not known; it is asked again.');
  if (creation.condition === 'degraded')
    return leased('ClusterDegraded', 'Nodes are missing. Nothing is done about it.');
  return leased(null, '');
}

const NO_ROOM = 'The budget has no room for its next slice; it is asked for again and again.';

function unfunded(life: LeaseState): Shown {
  const raise = 'Raise the budget, or release it.';
  if (isLedgerBehind(life) && !isOverdue(life)) {
    const known = `The ledger holds less for it than it once did: it was promised until ${iso(life.promisedUntilMs)}.`;
    return parked(
      'Unfunded',
      `${known} The budget has no room for the rest; it is asked for again and again. ${raise}`,
    );
  }
  return isOverdue(life)
    ? parked('Unfunded', `Its funded time is over. ${NO_ROOM} ${raise}`)
    : leased('Unfunded', NO_ROOM);
}

const iso = (ms: number): string => new Date(ms).toISOString();
const leased = (reason: Shown['reason'], note: string): Shown => ({ phase: 'leased', reason, note });
const parked = (reason: Shown['reason'], note: string): Shown => ({ phase: 'parked', reason, note });
