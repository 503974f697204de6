import { groupsOf, isContinuous } from './cluster.ts';
import { validationError } from './errors.ts';
import type { CreateClusterInput, Tag } from './inputs.ts';

/** Checks the rules of CreateCluster that concern several members. @throws Refusal ValidationException */
export function checkCreation(request: CreateClusterInput): void {
  const groups = groupsOf(request);
  const { Orchestrator: orchestrator } = request;
  if (groups.length === 0 && orchestrator?.Eks === undefined) {
    throw validationError('InstanceGroups must be specified for clusters that are not orchestrated by EKS.');
  }
  if (orchestrator !== undefined && (orchestrator.Eks === undefined) === (orchestrator.Slurm === undefined)) {
    throw validationError('Exactly one of Eks and Slurm must be specified in Orchestrator.');
  }
  if (isContinuous(request) && orchestrator?.Eks === undefined) {
    throw validationError('NodeProvisioningMode Continuous is only supported for clusters with the EKS orchestrator.');
  }
  const names = groups.map((group) => group.InstanceGroupName);
  if (new Set(names).size < names.length)
    throw validationError('Instance group names must be unique within a cluster.');
  for (const group of groups) {
    const at = `instance group ${group.InstanceGroupName}`;
    if ((group.InstanceType === undefined) === (group.InstanceRequirements === undefined)) {
      throw validationError(`Exactly one of InstanceType and InstanceRequirements must be specified for ${at}.`);
    }
    if ((group.MinInstanceCount ?? 0) > group.InstanceCount) {
      throw validationError(`MinInstanceCount must not be greater than InstanceCount for ${at}.`);
    }
    for (const storage of group.InstanceStorageConfigs ?? []) {
      if (Object.keys(storage).length !== 1) {
        throw validationError(`Exactly one storage type must be specified in each InstanceStorageConfig of ${at}.`);
      }
    }
  }
  checkTags(request.Tags ?? []);
}

/** @throws Refusal ValidationException for a key that occurs twice or is reserved */
export function checkTags(tags: readonly Tag[]): void {
  const keys = tags.map((tag) => tag.Key);
  if (new Set(keys).size < keys.length) throw validationError('Duplicate tag keys found.');
  if (keys.some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw validationError('aws: prefixed tag key names are not allowed for external use.');
  }
}
