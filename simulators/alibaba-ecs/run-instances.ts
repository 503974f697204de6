import type { ClusterFault } from '../core/faults.ts';
import { randomFor } from '../core/random.ts';
import { autoReleaseAtMs } from './auto-release.ts';
import { KEY_TAG } from './simulated-clusters.ts';
import { allocate, checkQuota, type Wanted } from './capacity.ts';
import type { Moment, Operation, Setting } from './context.ts';
import { EcsError } from './errors.ts';
import { instanceId, privateIp } from './ids.ts';
import type { Instance, Run } from './model.ts';
import { instanceName } from './names.ts';
import { regionOf } from './regions.ts';
import { checkRun } from './run-checks.ts';
import { RunInstancesInput } from './run-input.ts';
import { planInstance } from './plan.ts';
import { runName } from './subject.ts';
import { parseParameters } from './validation.ts';

/** Makes instances: all that were asked for, or with a MinAmount what there is. They start by themselves. */
export const runInstances: Operation = (setting, moment, parameters) => {
  const region = regionOf(parameters);
  const input = parseParameters(RunInstancesInput, parameters);
  const { nowMs } = moment;
  checkRun(setting, region, input, nowMs);
  const release = input.AutoReleaseTime === undefined ? undefined : autoReleaseAtMs(input.AutoReleaseTime, nowMs);
  const wanted: Wanted = {
    region,
    instanceType: input.InstanceType,
    amount: input.Amount,
    minAmount: input.MinAmount,
  };
  checkQuota(setting, wanted, nowMs);
  if (input.DryRun) {
    allocate(setting, wanted, Infinity, nowMs);
    // Passing is an error too. Its status is a guess.
    throw new EcsError('DryRunOperation', 'Request validation has been passed with DryRun flag set.');
  }
  const clusterFault = setting.faults.takeClusterFault({
    operation: 'RunInstances',
    region,
    clusterName: runName(setting.account, region, parameters),
  });
  const granted = allocate(setting, wanted, leftBy(clusterFault), nowMs);
  const run = makeRun(setting, moment, region, input, { granted, release, clusterFault });
  setting.account.state.runs.push(run);
  return { InstanceIdSets: { InstanceIdSet: run.instances.map(({ id }) => id) } };
};

interface Terms {
  readonly granted: number;
  readonly release: number | undefined;
  readonly clusterFault: ClusterFault | undefined;
}

function leftBy(clusterFault: ClusterFault | undefined): number {
  if (clusterFault?.kind === 'no-capacity') return 0;
  return clusterFault?.kind === 'partial-capacity' ? clusterFault.nodes : Infinity;
}

function makeRun(
  setting: Setting,
  { nowMs, requestId }: Moment,
  region: string,
  input: RunInstancesInput,
  terms: Terms,
): Run {
  const { account, durations, seed } = setting;
  const nthRun = account.next('run', region);
  const first = account.next('instance', region, terms.granted);
  const tags = Object.fromEntries(input.Tag.map(({ Key, Value }) => [Key, Value]));
  const instances = Array.from({ length: terms.granted }, (_, index): Instance => {
    const id = instanceId(seed, region, nthRun, index);
    const start = {
      instanceId: id,
      instanceType: input.InstanceType,
      createdAtMs: nowMs,
      clusterFault: terms.clusterFault,
    };
    return {
      id,
      nth: first + index,
      name: instanceName(input.InstanceName, input.UniqueSuffix, input.Amount, index) ?? id,
      privateIp: privateIp(first + index),
      tags: { ...tags },
      ...(terms.release === undefined ? {} : { autoReleaseAtMs: terms.release }),
      ...planInstance(setting, start),
    };
  });
  const zone = 'ghij'.charAt(Math.floor(randomFor(seed, 'zone', region, nthRun).fraction() * 4));
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
    deleteStuck: terms.clusterFault?.kind === 'delete-stuck',
    visibleToGetAtMs: nowMs + durations.getLagMs,
    visibleToListAtMs: nowMs + durations.listLagMs,
    instances,
  };
}
