import type { Creation } from '../../contracts/creation.ts';
import { ABSENCE_STEP, activity, LEDGER_STEP, type Run } from './temporal.ts';
import type { Execution } from './ports.ts';
import type { World } from './world.ts';

/** A step at the ledger, shielded from cancellation. */
export const STEP = { ...LEDGER_STEP, onCancel: 'wait' as const };

/** What ends every closing. */
export async function makeAbsentAndSettle(world: World, run: Run, creation: Creation): Promise<Creation> {
  const { key, provider } = creation;
  const options = { ...ABSENCE_STEP, onCancel: 'wait' as const };
  const prove = (by: Execution) => world.providerSteps(by, provider).makeAbsent({ key });
  for (;;) {
    const proof = await activity(world, run, 'makeAbsent', options, prove);
    const answer = await activity(world, run, 'settle', STEP, (by) => world.ledgerSteps(by).settle({ key, proof }));
    if (answer.outcome !== 'stale-proof') return answer.creation ?? creation;
  }
}
