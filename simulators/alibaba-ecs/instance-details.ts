import type { InstanceOfRun } from './account.ts';
import { instanceTypeOf } from './instance-types.ts';
import { statusAt } from './status.ts';
import { wireTime } from './wire.ts';

/** What the service sends for an instance that never expires. */
const NEVER = '2099-12-31T15:59Z';

/** One instance as DescribeInstances shows it. Empty texts and lists are sent, as by the service. */
export function instanceDetails({ run, instance }: InstanceOfRun, nowMs: number) {
  const type = instanceTypeOf(run.instanceType);
  const status = statusAt(instance, nowMs);
  const tags = Object.entries(instance.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  return {
    InstanceId: instance.id,
    InstanceName: instance.name,
    HostName: instance.id,
    Status: status,
    RegionId: run.region,
    ZoneId: run.zoneId,
    HpcClusterId: run.hpcClusterId ?? '',
    InstanceType: run.instanceType,
    InstanceTypeFamily: type?.family ?? '',
    Cpu: type?.cpus ?? 0,
    Memory: type?.memoryMib ?? 0,
    GPUAmount: type?.gpus ?? 0,
    GPUSpec: type?.gpuSpec ?? '',
    ImageId: run.imageId,
    KeyPairName: run.keyPairName,
    CreationTime: wireTime(run.createdAtMs),
    StartTime: status === 'Pending' ? '' : wireTime(run.createdAtMs),
    ExpiredTime: NEVER,
    AutoReleaseTime: instance.autoReleaseAtMs === undefined ? '' : wireTime(instance.autoReleaseAtMs),
    DeletionProtection: run.deletionProtection,
    InstanceChargeType: 'PostPaid',
    SpotStrategy: run.spotStrategy,
    InstanceNetworkType: 'vpc',
    Tags: { Tag: tags },
    SecurityGroupIds: { SecurityGroupId: run.securityGroupIds },
    VpcAttributes: {
      VpcId: `vpc-${run.region}`,
      VSwitchId: run.vSwitchId,
      // Whether the service shows the address of a Pending instance is not known. Not to show it is the safe guess.
      PrivateIpAddress: { IpAddress: status === 'Pending' ? [] : [instance.privateIp] },
      NatIpAddress: '',
    },
    PublicIpAddress: { IpAddress: [] },
    InnerIpAddress: { IpAddress: [] },
    EipAddress: { AllocationId: '', IpAddress: '', InternetChargeType: '' },
    OperationLocks: { LockReason: [] },
  };
}
