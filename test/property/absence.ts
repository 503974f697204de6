import type { Creation } from '../../contracts/creation.ts';
import { ABSENCE_STEP, activity, LEDGER_STEP, type Run } from './temporal.ts';
import type { Execution } from './ports.ts';
import type { World } from './world.ts';

/** A step at the ledger that no cancel interrupts. */
export const SHIELDED_LEDGER_STEP = { ...LEDGER_STEP, onCancel: 'wait' as const };

/** The end of every closing, as workflows/absence.ts does it. */
export async function makeAbsentAndSettle(world: World, run: Run, creation: Creation): Promise<Creation> {
  const { key, provider } = creation;
  const options = { ...ABSENCE_STEP, onCancel: 'wait' as const };
  const makeAbsent = (by: Execution) => world.providerSteps(by, provider).makeAbsent({ key });
  for (;;) {
    const proof = await activity(world, run, 'makeAbsent', options, makeAbsent);
    const answer = await activity(world, run, 'settle', SHIELDED_LEDGER_STEP, (by) =>
      world.ledgerSteps(by).settle({ key, proof }),
    );
    if (answer.outcome !== 'stale-proof') return answer.creation ?? creation;
  }
}
