import { z } from 'zod';
import { goneAtMsOf } from '../core/faults.ts';
import { visibleFrom } from '../core/visibility.ts';
import type { Operation } from './context.ts';
import { Refusal } from '../core/refusal.ts';
import { hpcClusterId } from './ids.ts';
import { regionOf } from './regions.ts';
import { parseParameters, text } from './validation.ts';

/** The service's documentation allows a colon, its current client a period: both are accepted. */
const NAME = /^\p{L}[\p{L}\d:._-]*$/u;

export const HpcClusterName = text('InvalidHpcClusterName.Malformed', { min: 2, max: 128, pattern: NAME });
export const HpcClusterDescription = text('InvalidHpcClusterDescription.Malformed', { min: 2, max: 256 });

const CreateHpcClusterInput = z.object({
  Name: HpcClusterName,
  Description: HpcClusterDescription.default(''),
});

/** Creates a container at once. Names are not unique: only a ClientToken keeps a second call from making a second one. */
export const createHpcCluster: Operation = (context, { nowMs, requestId }, parameters) => {
  const region = regionOf(parameters);
  const { Name: name, Description: description } = parseParameters(CreateHpcClusterInput, parameters);
  const { account, durations, seed } = context;
  const fault = context.faults.takeClusterFault({ operation: 'CreateHpcCluster', region, clusterName: name });
  // The service documents this error with 404.
  if (fault?.kind === 'fails') {
    throw new Refusal('InternalError', fault.message ?? 'Failed to create hpc cluster', 404);
  }
  const creatingMs = durations.hpcCreatingMs + (fault?.kind === 'slow' ? fault.extraMs : 0);
  const id = hpcClusterId(seed, region, account.reserveNumbers('hpc', region));
  account.state.hpcClusters.push({
    id,
    name,
    region,
    description,
    createdAtMs: nowMs,
    createdByCall: requestId,
    readyAtMs: fault?.kind === 'never-ready' ? null : nowMs + creatingMs,
    deleteStuck: fault?.kind === 'delete-stuck',
    ...visibleFrom(nowMs, durations),
    ...goneAtMsOf(fault, nowMs),
  });
  return { HpcClusterId: id };
};
