import { outcomeOf } from '../outcome.ts';
import type { Muster } from '../muster.ts';
import { live } from '../terminal/live.ts';
import { followLive } from '../terminal/request-line.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit.ts';
import { outcomeText } from './print/outcome.ts';

/**
 * Waits for every request, shows how each ended, and ends with 1 where one did not become ready. While it waits,
 * somebody who looks at a terminal sees them move, on standard error: standard output is for how they ended.
 */
export async function printOutcomes(
  context: CommandContext,
  muster: Muster,
  requestIds: readonly string[],
): Promise<void> {
  if (process.stderr.isTTY) {
    const view = live(process.stderr);
    try {
      await followLive(muster, requestIds, view);
    } finally {
      view.stop();
    }
  }
  const ends = await Promise.all(requestIds.map((requestId) => outcomeOf(muster, requestId)));
  context.showAll(ends, ends.map(outcomeText));
  if (ends.some(({ outcome }) => outcome !== 'ready')) process.exitCode = EXIT.failed;
}
