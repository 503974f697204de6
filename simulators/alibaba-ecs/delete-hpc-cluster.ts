import { z } from 'zod';
import type { Operation } from './context.ts';
import { Refusal } from '../core/refusal.ts';
import { regionOf } from './regions.ts';
import { parseParameters } from './validation.ts';

const DeleteHpcClusterInput = z.object({ HpcClusterId: z.string() });

/** Deletes a container at once if it is empty. A released instance counts as inside until it no longer exists. */
export const deleteHpcCluster: Operation = ({ account }, { nowMs }, parameters) => {
  const region = regionOf(parameters, 'MissingParameter.RegionId');
  const { HpcClusterId: id } = parseParameters(DeleteHpcClusterInput, parameters, (name) => `MissingParameter.${name}`);
  const cluster = account.visibleContainer(region, id, nowMs);
  if (cluster === undefined) {
    throw new Refusal('NotExists.HpcCluster', 'The specified hpc cluster does not exist.');
  }
  const inUse = account.instances(region, nowMs).some(({ run }) => run.hpcClusterId === id);
  if (inUse || cluster.deleteStuck) {
    throw new Refusal('NotEmpty.HpcCluster', 'The specified hpc cluster is not empty, still contains instances.');
  }
  cluster.goneAtMs = nowMs;
  return {};
};
