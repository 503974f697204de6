import { CancellationScope, setCurrentDetails } from '@temporalio/workflow';
import type { Creation } from '../contracts/creation.ts';
import { cleanupWorkflowId } from '../contracts/ids.ts';
import { makeAbsentAndSettle } from './absence.ts';
import { atProvider, ledger } from './activity-options.ts';
import { asApplicationFailure } from './failures.ts';
import { showAttributes } from './attributes.ts';

/** What to clean up. */
interface CleanupInput {
  readonly creation: Creation;
  /** The one cluster to remove, born too late under the creation's key; without it, all that the creation made. */
  readonly clusterId?: string;
}

/** Removes what nobody owns: a late cluster, or all of a creation without a running owner. */
export async function cleanupCreation({ creation, clusterId }: CleanupInput): Promise<Creation> {
  const { team, provider, region } = creation;
  showAttributes({ MusterPhase: 'compensating', MusterTeam: team, MusterProvider: provider, MusterRegion: region });
  return CancellationScope.nonCancellable(() =>
    clusterId === undefined ? removeUnowned(creation) : removeLate(creation, clusterId),
  );
}

/** Deletes that one cluster, by its id; its cost is booked as an overrun. The creation stays what it is. */
async function removeLate(creation: Creation, clusterId: string): Promise<Creation> {
  const { key, provider, region } = creation;
  showAttributes({ MusterClusterId: clusterId });
  setCurrentDetails(
    `\`${clusterId}\` at ${provider} in ${region} was born too late under \`${key}\`, which is ${creation.state}: it is deleted.`,
  );
  const { removeLateCluster } = atProvider(provider, 'untilGone', `Delete ${clusterId} and prove it gone`);
  await removeLateCluster({ key, clusterId });
  setCurrentDetails(`\`${clusterId}\` at ${provider} in ${region}, born too late under \`${key}\`, is gone.`);
  return creation;
}

/** Makes the creation absent, and settles it. Ends at once where somebody owns it again. */
async function removeUnowned(creation: Creation): Promise<Creation> {
  const { key, provider, region } = creation;
  setCurrentDetails(`Cleans up \`${key}\` at ${provider} in ${region}: its request has no running workflow.`);
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
}
