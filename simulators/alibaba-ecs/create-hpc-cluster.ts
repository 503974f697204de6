import { z } from 'zod';
import type { Operation } from './context.ts';
import { EcsError } from './errors.ts';
import { hpcClusterId } from './ids.ts';
import { regionOf } from './regions.ts';
import { parseParameters, text } from './validation.ts';

/** The page allows a colon and today's client text a period: both are taken. */
const NAME = /^\p{L}[\p{L}\d:._-]*$/u;

export const HpcClusterName = text('InvalidHpcClusterName.Malformed', { min: 2, max: 128, pattern: NAME });
export const HpcClusterDescription = text('InvalidHpcClusterDescription.Malformed', { min: 2, max: 256 });

const CreateHpcClusterInput = z.object({
  Name: HpcClusterName,
  Description: HpcClusterDescription.default(''),
});

/** Makes a container, at once and as often as asked: names are not unique, and only a ClientToken stops a second one. */
export const createHpcCluster: Operation = (setting, { nowMs, requestId }, parameters) => {
  const region = regionOf(parameters);
  const { Name: name, Description: description } = parseParameters(CreateHpcClusterInput, parameters);
  const { account, durations, seed } = setting;
  const clusterFault = setting.faults.takeClusterFault({ operation: 'CreateHpcCluster', region, clusterName: name });
  // Its own error, with a status of its own: 404, though nothing was looked for.
  if (clusterFault?.kind === 'fails') {
    throw new EcsError('InternalError', clusterFault.message ?? 'Failed to create hpc cluster', 404);
  }
  const creatingMs = durations.hpcCreatingMs + (clusterFault?.kind === 'slow' ? clusterFault.extraMs : 0);
  const id = hpcClusterId(seed, region, account.next('hpc', region));
  account.state.hpcClusters.push({
    id,
    name,
    region,
    description,
    createdAtMs: nowMs,
    createdByCall: requestId,
    readyAtMs: clusterFault?.kind === 'never-ready' ? null : nowMs + creatingMs,
    deleteStuck: clusterFault?.kind === 'delete-stuck',
    visibleToGetAtMs: nowMs + durations.getLagMs,
    visibleToListAtMs: nowMs + durations.listLagMs,
    ...(clusterFault?.kind === 'vanish' ? { goneAtMs: nowMs + clusterFault.afterMs } : {}),
  });
  return { HpcClusterId: id };
};
