import type { Creation } from '../../contracts/creation.ts';
import { OrderRefusedError } from '../errors.ts';
import type { Muster } from '../muster.ts';
import type { Confirmation } from './confirm.ts';
import { leaseEndText } from './print/lease.ts';
import { traceText } from './print/trace.ts';

/** A cluster that the ledger lost: a stray, or one whose row a restore took back to before its lease. */
export interface LostCluster {
  readonly clusterId: string;
  readonly key: string;
}

/** What was done about a lost cluster. `untraced`: Temporal knows nothing of it. `refused`: the ledger has a conflicting row. */
export interface RebuildResult extends LostCluster {
  /** Null when it is not known. */
  readonly requestId: string | null;
  readonly outcome: 'restored' | 'declined' | 'untraced' | 'refused' | 'not-asked';
  /** Why it was refused; null unless it was. */
  readonly why: string | null;
}

/** How a rebuild informs its user, and asks before it changes anything. */
export interface RebuildPrompt {
  readonly print: (text: string) => void;
  readonly confirm: (question: string) => Promise<Confirmation>;
}

type Rebuilder = Pick<Muster, 'trace' | 'restore'>;

/**
 * Restores the ledger's rows of clusters from what Temporal knows of them. Asks before each, and stops asking when the input
 * has ended.
 */
export async function rebuild(
  muster: Rebuilder,
  lost: readonly LostCluster[],
  prompt: RebuildPrompt,
): Promise<RebuildResult[]> {
  const results: RebuildResult[] = [];
  for (const cluster of lost) {
    const inputEnded = results.at(-1)?.outcome === 'not-asked';
    results.push(inputEnded ? resultFor(cluster, null, 'not-asked') : await rebuildOne(muster, cluster, prompt));
  }
  return results;
}

async function rebuildOne(
  muster: Rebuilder,
  lost: LostCluster,
  { print, confirm }: RebuildPrompt,
): Promise<RebuildResult> {
  const { clusterId, key } = lost;
  const trace = await muster.trace({ key, clusterId });
  if (trace === null) {
    print(`${clusterId}: Temporal knows nothing of it either. Find out by hand whether it may be deleted.`);
    return resultFor(lost, null, 'untraced');
  }
  const { requestId } = trace.creation;
  print(traceText(trace));
  const confirmation = await confirm('Restore its row?');
  if (confirmation !== 'yes') return resultFor(lost, requestId, confirmation === 'no' ? 'declined' : 'not-asked');
  try {
    print(restoredText(await muster.restore(trace)));
    return resultFor(lost, requestId, 'restored');
  } catch (error) {
    if (!(error instanceof OrderRefusedError)) throw error;
    print(error.message);
    return resultFor(lost, requestId, 'refused', error.message);
  }
}

function restoredText(creation: Creation): string {
  const end = leaseEndText(creation, Date.now());
  return (
    `Restored: ${creation.requestId} is ${creation.state}${end && `, and ${end}`}. ` +
    'The next sweep of its monitor starts its owner.'
  );
}

const resultFor = (
  { clusterId, key }: LostCluster,
  requestId: string | null,
  outcome: RebuildResult['outcome'],
  why: string | null = null,
): RebuildResult => ({ clusterId, key, requestId, outcome, why });
