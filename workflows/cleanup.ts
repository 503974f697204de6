import { CancellationScope, setCurrentDetails } from '@temporalio/workflow';
import type { Creation } from '../contracts/creation.ts';
import { cleanupWorkflowId } from '../contracts/ids.ts';
import { makeAbsentAndSettle } from './absence.ts';
import { atProvider, ledger } from './activity-options.ts';
import { asApplicationFailure } from './failures.ts';
import { showAttributes } from './attributes.ts';

interface CleanupInput {
  readonly creation: Creation;
  /** The one late cluster to delete; without it, all clusters of the creation. */
  readonly clusterId?: string;
}

/** Deletes what nobody owns: one late cluster, or a creation whose owner does not run. */
export async function cleanupCreation({ creation, clusterId }: CleanupInput): Promise<Creation> {
  const { team, provider, region } = creation;
  showAttributes({ MusterPhase: 'compensating', MusterTeam: team, MusterProvider: provider, MusterRegion: region });
  return CancellationScope.nonCancellable(() =>
    clusterId === undefined ? cleanUpCreation(creation) : deleteLateCluster(creation, clusterId),
  );
}

/** Deletes one late cluster by its id, and books its cost as an overrun. The creation keeps its state. */
async function deleteLateCluster(creation: Creation, clusterId: string): Promise<Creation> {
  const { key, provider, region } = creation;
  showAttributes({ MusterClusterId: clusterId });
  setCurrentDetails(
    `Deletes \`${clusterId}\` at ${provider} in ${region}: a late cluster of \`${key}\`, which is ${creation.state}.`,
  );
  const { removeLateCluster } = atProvider(provider, 'untilGone', `Delete ${clusterId} and prove it gone`);
  await removeLateCluster({ key, clusterId });
  setCurrentDetails(`\`${clusterId}\` at ${provider} in ${region}, a late cluster of \`${key}\`, is gone.`);
  return creation;
}

/** Makes a creation absent and settles it. Fails where somebody owns it again. */
async function cleanUpCreation(creation: Creation): Promise<Creation> {
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
        message: `${key} is ${answer.outcome === 'leased' ? 'leased' : 'adopted by its request again'}; nothing was cleaned up`,
      });
  }
}
