import { z } from 'zod';
import type { Operation } from './context.ts';
import { EcsError } from './errors.ts';
import { regionOf } from './regions.ts';
import { parseParameters } from './validation.ts';

const DeleteHpcClusterInput = z.object({ HpcClusterId: z.string() });

/** Deletes a container at once, when no instance is left in it; released ones are left until they have vanished. */
export const deleteHpcCluster: Operation = ({ account }, { nowMs }, parameters) => {
  const region = regionOf(parameters, 'MissingParameter.RegionId');
  const { HpcClusterId: id } = parseParameters(DeleteHpcClusterInput, parameters, (name) => `MissingParameter.${name}`);
  const cluster = account.visibleContainer(region, id, nowMs);
  if (cluster === undefined) {
    throw new EcsError('NotExists.HpcCluster', 'The specified hpc cluster does not exist.');
  }
  const inUse = account.instances(region, nowMs).some(({ run }) => run.hpcClusterId === id);
  if (inUse || cluster.deleteStuck) {
    throw new EcsError('NotEmpty.HpcCluster', 'The specified hpc cluster is not empty, still contains instances.');
  }
  cluster.goneAtMs = nowMs;
  return {};
};
