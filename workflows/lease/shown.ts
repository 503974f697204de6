import { fundedUntilMs, isBroken, isOpenEnded, isOverdue, type Life } from './state.ts';

/** What a lease's page and its search attributes say of it while it lives. */
export interface Shown {
  /** `parked`: it waits for somebody, and keeps what it owns. */
  readonly phase: 'leased' | 'parked';
  readonly reason:
    'ClusterFailed' | 'ClusterVanished' | 'ClusterDegraded' | 'Unfunded' | 'EndsSoon' | 'NotInLedger' | null;
  /** What it means, and what may be done. */
  readonly note: string;
}

/** The most pressing thing first. */
export function shownOf(life: Life): Shown {
  const { creation } = life;
  if (!life.inLedger) {
    return parked('NotInLedger', 'The ledger does not know this lease. `muster audit --rebuild` writes its row again.');
  }
  if (isBroken(life)) {
    const choice = 'It keeps its hold and waits for a release; should it work again, the lease goes on.';
    return creation.condition === 'gone'
      ? parked('ClusterVanished', `The cluster is gone from its provider. ${choice}`)
      : parked('ClusterFailed', `The cluster has failed. ${choice}`);
  }
  if (life.refusedAtMs !== null) {
    const wanted = 'The budget has no room for its next slice; it is asked for again and again.';
    return isOverdue(life)
      ? parked('Unfunded', `Its funded time is over. ${wanted} Raise the budget, or release it.`)
      : leased('Unfunded', wanted);
  }
  if (!isOpenEnded(life) && life.warned.aheadMs !== null) {
    return leased(
      'EndsSoon',
      `It ends at ${new Date(fundedUntilMs(life)).toISOString()}. \`muster extend\` moves that.`,
    );
  }
  if (creation.condition === 'degraded')
    return leased('ClusterDegraded', 'Nodes are missing. Nothing is done about it.');
  return leased(null, '');
}

const leased = (reason: Shown['reason'], note: string): Shown => ({ phase: 'leased', reason, note });
const parked = (reason: Shown['reason'], note: string): Shown => ({ phase: 'parked', reason, note });
