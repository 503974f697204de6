import { CancellationScope, setCurrentDetails } from '@temporalio/workflow';
import type { Creation } from '../contracts/creation.ts';
import { cleanupWorkflowId } from '../contracts/ids.ts';
import { makeAbsentAndSettle } from './absence.ts';
import { ledger } from './activity-options.ts';
import { asApplicationFailure } from './failures.ts';
import { showAttributes } from './attributes.ts';

/** Makes a creation without a running owner absent, and settles it. Ends at once where somebody owns it again. */
export async function cleanupCreation({ creation }: { readonly creation: Creation }): Promise<Creation> {
  const { key, provider, region, team } = creation;
  showAttributes({ MusterPhase: 'compensating', MusterTeam: team, MusterProvider: provider, MusterRegion: region });
  setCurrentDetails(`Cleans up \`${key}\` at ${provider} in ${region}: its request has no running workflow.`);

  return CancellationScope.nonCancellable(async () => {
    const { beginClosing } = ledger(`Close ${key}: orphaned`);
    const answer = await beginClosing({
      key,
      caller: cleanupWorkflowId(key),
      epoch: creation.epoch,
      why: 'Orphaned',
      message: 'its request had no running workflow',
    });
    switch (answer.outcome) {
      case 'closing':
        return makeAbsentAndSettle(creation);
      case 'ended':
        return answer.creation ?? creation;
      case 'leased':
      case 'not-owner':
        throw asApplicationFailure({
          type: 'CreationClosed',
          message: `${key} is ${answer.outcome === 'leased' ? 'leased' : 'taken up by its request again'}; nothing was cleaned up`,
        });
    }
  });
}
