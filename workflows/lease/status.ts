import type { Creation } from '../../contracts/creation.ts';
import type { LeasePhase, LeaseReason } from '../../contracts/phases.ts';
import { isBroken, isLedgerBehind, isOpenEnded, isOverdue, type LeaseState } from './state.ts';

/** What the page and the search attributes of a lease say while it lives. */
export interface LeaseStatus {
  readonly phase: Extract<LeasePhase, 'leased' | 'parked'>;
  /** Null where nothing is wrong. */
  readonly reason: LeaseReason | null;
  /** What the reason means, and what a person may do. */
  readonly note: string;
}

/** The status of a live lease. Where several things are wrong, it names the most urgent one. */
export function leaseStatus(state: LeaseState): LeaseStatus {
  const { creation, trouble } = state;
  if (!state.inLedger) {
    return parked('NotInLedger', 'The ledger has no row of this lease. `muster audit --rebuild` writes it again.');
  }
  if (isBroken(state)) {
    const choice = 'The lease keeps its hold and waits for a release. It goes on if the cluster works again.';
    return creation.condition === 'gone'
      ? parked('ClusterVanished', `The cluster is gone from its provider. ${choice}`)
      : parked('ClusterFailed', `The cluster has failed. ${choice}${state.refusedAtMs === null ? '' : ` ${NO_ROOM}`}`);
  }
  if (state.refusedAtMs !== null) return unfunded(state);
  if (trouble.move !== null) {
    return leased(
      'ExpiryNotMoved',
      'Unless this is fixed, the provider ends the cluster before its funded time is over.',
    );
  }
  if (!isOpenEnded(state) && state.warnings.aheadMs !== null) {
    return leased('EndsSoon', `It ends at ${iso(state.promisedUntilMs)}. \`muster extend\` moves the end.`);
  }
  if (trouble.inspection !== null) {
    return leased('InspectionFails', 'The provider does not tell what became of the cluster. The lease asks again.');
  }
  if (creation.condition === 'degraded') {
    return leased('ClusterDegraded', 'Nodes are missing. Muster does nothing about it.');
  }
  return leased(null, '');
}

/** The phase of a lease whose release has started. Its creation ends released, or absent where a cleanup closed it. */
export const closingPhase = ({ endedAtMs }: Creation): LeasePhase => (endedAtMs === null ? 'releasing' : 'released');

const NO_ROOM = 'The budget has no room for the next slice. The lease asks again until it has.';

function unfunded(state: LeaseState): LeaseStatus {
  const advice = 'Raise the budget, or release it.';
  if (isLedgerBehind(state) && !isOverdue(state)) {
    const promised = `The lease was promised until ${iso(state.promisedUntilMs)}, and the ledger holds money for less.`;
    return parked('Unfunded', `${promised} The budget has no room for the rest. The lease asks again. ${advice}`);
  }
  return isOverdue(state)
    ? parked('Unfunded', `Its funded time is over. ${NO_ROOM} ${advice}`)
    : leased('Unfunded', NO_ROOM);
}

const iso = (ms: number): string => new Date(ms).toISOString();
const leased = (reason: LeaseReason | null, note: string): LeaseStatus => ({ phase: 'leased', reason, note });
const parked = (reason: LeaseReason, note: string): LeaseStatus => ({ phase: 'parked', reason, note });
