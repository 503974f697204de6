import type { Creation } from '../contracts/creation.ts';
import { atProvider, ledger } from './activity-options.ts';

/**
 * Makes a closing creation absent and settles it, again each time the ledger refuses the proof as stale. Returns the
 * creation as the ledger then has it, also where somebody else has settled it.
 */
export async function makeAbsentAndSettle(creation: Creation): Promise<Creation> {
  const { key, provider } = creation;
  for (;;) {
    const proof = await atProvider(provider, 'untilGone', `Delete ${key} and prove it gone`).makeAbsent({ key });
    const answer = await ledger('Book the cost and free the hold').settle({ key, proof });
    if (answer.outcome !== 'stale-proof') return answer.creation ?? creation;
  }
}
