import type { ClusterFault } from '../core/faults.ts';
import { randomFor } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';
import { visibleFrom } from '../core/visibility.ts';
import { parseAutoReleaseTime } from './auto-release.ts';
import { allocate, checkQuota, type RequestedInstances } from './capacity.ts';
import { runName } from './cluster-name.ts';
import type { CallInfo, Context, Operation } from './context.ts';
import { instanceId, privateIp } from './ids.ts';
import { instanceName } from './instance-name.ts';
import type { Instance, Run } from './model.ts';
import { planInstance } from './plan.ts';
import { regionOf } from './regions.ts';
import { checkRun } from './run-checks.ts';
import { RunInstancesInput } from './run-input.ts';
import { KEY_TAG } from './simulated-clusters.ts';
import { parseParameters } from './validation.ts';

/** Creates instances: the whole amount, or with a MinAmount as many as there are. They start by themselves. */
export const runInstances: Operation = (context, call, parameters) => {
  const region = regionOf(parameters);
  const input = parseParameters(RunInstancesInput, parameters);
  const { nowMs } = call;
  checkRun(context, region, input, nowMs);
  const { InstanceType: instanceType, Amount: amount, MinAmount: minAmount, AutoReleaseTime: releaseTime } = input;
  const autoReleaseAtMs = releaseTime === undefined ? undefined : parseAutoReleaseTime(releaseTime, nowMs);
  const requested: RequestedInstances = { region, instanceType, amount, minAmount };
  checkQuota(context, requested, nowMs);
  if (input.DryRun) {
    allocate(context, requested, Infinity, nowMs);
    // A dry run that passes ends in an error too. Its status is a guess.
    throw new Refusal('DryRunOperation', 'Request validation has been passed with DryRun flag set.');
  }
  const fault = context.faults.takeClusterFault({
    operation: 'RunInstances',
    region,
    clusterName: runName(context.account, region, parameters),
  });
  const granted = allocate(context, requested, stockLeftBy(fault), nowMs);
  const run = newRun(context, call, region, input, { granted, autoReleaseAtMs, fault });
  context.account.state.runs.push(run);
  return { InstanceIdSets: { InstanceIdSet: run.instances.map(({ id }) => id) } };
};

function stockLeftBy(fault: ClusterFault | undefined): number {
  if (fault?.kind === 'no-capacity') return 0;
  return fault?.kind === 'partial-capacity' ? fault.nodes : Infinity;
}

interface RunDetails {
  /** How many instances the run gets. */
  readonly granted: number;
  readonly autoReleaseAtMs: number | undefined;
  readonly fault: ClusterFault | undefined;
}

function newRun(
  context: Context,
  { nowMs, requestId }: CallInfo,
  region: string,
  input: RunInstancesInput,
  { granted, autoReleaseAtMs, fault }: RunDetails,
): Run {
  const { account, durations, seed } = context;
  const runNumber = account.reserveNumbers('run', region);
  const first = account.reserveNumbers('instance', region, granted);
  const tags = Object.fromEntries(input.Tag.map(({ Key, Value }) => [Key, Value]));
  const instances = Array.from({ length: granted }, (_, index): Instance => {
    const id = instanceId(seed, region, runNumber, index);
    return {
      id,
      number: first + index,
      name: instanceName(input.InstanceName, input.UniqueSuffix, input.Amount, index) ?? id,
      privateIp: privateIp(first + index),
      tags: { ...tags },
      ...(autoReleaseAtMs === undefined ? {} : { autoReleaseAtMs }),
      ...planInstance(context, { id, instanceType: input.InstanceType, createdAtMs: nowMs, fault }),
    };
  });
  const zone = 'ghij'.charAt(Math.floor(randomFor(seed, 'zone', region, runNumber).fraction() * 4));
  return {
    name: tags[KEY_TAG] ?? instances[0]?.name ?? '',
    region,
    ...(input.HpcClusterId === undefined ? {} : { hpcClusterId: input.HpcClusterId }),
    createdAtMs: nowMs,
    createdByCall: requestId,
    initialTags: tags,
    instanceType: input.InstanceType,
    imageId: input.ImageId ?? input.ImageFamily ?? '',
    zoneId: input.ZoneId ?? `${region}-${zone}`,
    vSwitchId: input.VSwitchId ?? '',
    securityGroupIds: input.SecurityGroupIds ?? (input.SecurityGroupId === undefined ? [] : [input.SecurityGroupId]),
    keyPairName: input.KeyPairName,
    spotStrategy: input.SpotStrategy,
    deletionProtection: input.DeletionProtection,
    deleteStuck: fault?.kind === 'delete-stuck',
    ...visibleFrom(nowMs, durations),
    instances,
  };
}
