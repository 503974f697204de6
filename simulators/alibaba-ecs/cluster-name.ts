import type { Account } from './account.ts';
import { KEY_TAG } from './simulated-clusters.ts';
import { structureOf, type Parameters } from './parameters.ts';

/** The name of the cluster that a RunInstances call is about: its container's, else the one in its key tag, else its own. */
export function runName(account: Account, region: string, parameters: Parameters): string | undefined {
  const container = containerName(account, region, parameters['HpcClusterId']);
  return container ?? tagValue(parameters, KEY_TAG) ?? parameters['InstanceName'];
}

/** The name of the cluster that a call is about, also where the call says an id, so that fault rules can match it. */
export function clusterNameOf(account: Account, region: string, parameters: Parameters): string | undefined {
  return parameters['Name'] ?? nameById(account, region, parameters) ?? runName(account, region, parameters);
}

function nameById(account: Account, region: string, parameters: Parameters): string | undefined {
  const listed = /^\["([^"]+)"/.exec(parameters['HpcClusterIds'] ?? parameters['InstanceIds'] ?? '')?.[1];
  const id = parameters['InstanceId.1'] ?? parameters['InstanceId'] ?? parameters['ResourceId.1'] ?? listed;
  if (id === undefined) return undefined;
  const run = account.state.runs.find(({ instances }) => instances.some((instance) => instance.id === id));
  if (run === undefined) return containerName(account, region, id);
  return containerName(account, region, run.hpcClusterId) ?? run.name;
}

function containerName(account: Account, region: string, id: string | undefined): string | undefined {
  return account.state.hpcClusters.find((cluster) => cluster.region === region && cluster.id === id)?.name;
}

function tagValue(parameters: Parameters, key: string): string | undefined {
  const tags = structureOf(parameters)['Tag'];
  if (!Array.isArray(tags)) return undefined;
  const tag = (tags as { Key?: string; Value?: string }[]).find(({ Key }) => Key === key);
  return tag?.Value;
}
