import { z } from 'zod';
import type { Operation } from './context.ts';
import { HpcClusterDescription, HpcClusterName } from './create-hpc-cluster.ts';
import { Refusal } from '../core/refusal.ts';
import { regionOf } from './regions.ts';
import { parseParameters } from './validation.ts';

const ModifyHpcClusterAttributeInput = z.object({
  HpcClusterId: z.string(),
  Name: HpcClusterName.optional(),
  Description: HpcClusterDescription.optional(),
});

/** Changes the name or description of a container at once. The instances in it keep their names and tags. */
export const modifyHpcCluster: Operation = ({ account }, { nowMs }, parameters) => {
  const region = regionOf(parameters, 'MissingParameter.RegionId');
  const missing = (name: string): string => `MissingParameter.${name}`;
  const { HpcClusterId: id, Name, Description } = parseParameters(ModifyHpcClusterAttributeInput, parameters, missing);
  const cluster = account.visibleContainer(region, id, nowMs);
  if (cluster === undefined) {
    throw new Refusal('NotExists.HpcCluster', 'The specified hpc cluster does not exist.');
  }
  cluster.name = Name ?? cluster.name;
  cluster.description = Description ?? cluster.description;
  return {};
};
