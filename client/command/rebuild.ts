import type { Creation } from '../../contracts/creation.ts';
import { OrderRefusedError } from '../errors.ts';
import type { Muster } from '../muster.ts';
import type { Reply } from './confirm.ts';
import { leaseEndText } from './print/lease.ts';
import { traceText } from './print/trace.ts';

/** A cluster whose row is to be written again: a stray, or one that stands in the ledger as it was before its lease. */
export interface Lost {
  readonly clusterId: string;
  readonly key: string;
}

/** What came of one: `untraced` where Temporal knows nothing of it, `refused` where the ledger has what disagrees. */
export interface Rebuilt extends Lost {
  /** Null where nobody knows it. */
  readonly requestId: string | null;
  readonly outcome: 'restored' | 'declined' | 'untraced' | 'refused' | 'not-asked';
  /** Why it was refused; else null. */
  readonly why: string | null;
}

/** Somebody who is told what happens, and asked before anything does. */
export interface Dialogue {
  readonly say: (text: string) => void;
  readonly ask: (question: string) => Promise<Reply>;
}

type Rebuilder = Pick<Muster, 'trace' | 'restore'>;

/**
 * Restores the ledger's rows of clusters from what Temporal remembers of them, asking before each. Ends with the first
 * question that nobody answers.
 */
export async function rebuild(muster: Rebuilder, lost: readonly Lost[], dialogue: Dialogue): Promise<Rebuilt[]> {
  const rebuilt: Rebuilt[] = [];
  for (const each of lost) {
    const isOver = rebuilt.at(-1)?.outcome === 'not-asked';
    rebuilt.push(isOver ? cameTo(each, null, 'not-asked') : await rebuildOne(muster, each, dialogue));
  }
  return rebuilt;
}

async function rebuildOne(muster: Rebuilder, lost: Lost, { say, ask }: Dialogue): Promise<Rebuilt> {
  const { clusterId, key } = lost;
  const trace = await muster.trace({ key, clusterId });
  if (trace === null) {
    say(`${clusterId}: Temporal knows nothing of it either. Whether it may be deleted is for people to find out.`);
    return cameTo(lost, null, 'untraced');
  }
  const { requestId } = trace.creation;
  say(traceText(trace));
  const reply = await ask('Restore its row?');
  if (reply !== 'yes') return cameTo(lost, requestId, reply === 'no' ? 'declined' : 'not-asked');
  try {
    say(restoredText(await muster.restore(trace)));
    return cameTo(lost, requestId, 'restored');
  } catch (error) {
    if (!(error instanceof OrderRefusedError)) throw error;
    say(error.message);
    return cameTo(lost, requestId, 'refused', error.message);
  }
}

function restoredText(creation: Creation): string {
  const end = leaseEndText(creation, Date.now());
  return (
    `Restored: ${creation.requestId} is ${creation.state}${end && `, and ${end}`}. ` +
    'The next sweep of its monitor finds the row and starts its owner.'
  );
}

const cameTo = (
  { clusterId, key }: Lost,
  requestId: string | null,
  outcome: Rebuilt['outcome'],
  why: string | null = null,
): Rebuilt => ({ clusterId, key, requestId, outcome, why });
