import { outcomeOf } from '../outcome.ts';
import type { Muster } from '../muster.ts';
import { createLiveLines } from '../terminal/live-lines.ts';
import { showRequests } from '../terminal/request-lines.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit.ts';
import { outcomeText } from './print/outcome.ts';

/**
 * Waits for every request and prints how each ended. The exit code is 1 when one did not become ready. While it waits, it
 * shows their progress on standard error if that is a terminal; standard output gets the outcomes only.
 */
export async function printOutcomes(
  context: CommandContext,
  muster: Muster,
  requestIds: readonly string[],
): Promise<void> {
  if (process.stderr.isTTY) {
    const lines = createLiveLines(process.stderr);
    try {
      await showRequests(muster, requestIds, lines);
    } finally {
      lines.stop();
    }
  }
  const outcomes = await Promise.all(requestIds.map((requestId) => outcomeOf(muster, requestId)));
  context.printAll(outcomes, outcomes.map(outcomeText));
  if (outcomes.some(({ outcome }) => outcome !== 'ready')) process.exitCode = EXIT.failed;
}
