import { RUN_MAX, takesContainer, type AlibabaEcsSpec } from './alibaba-ecs-spec.ts';
import { EXPIRY_PLACEHOLDER, KEY_PLACEHOLDER, type Json } from './definition.ts';
import { omitUndefined } from './omit-undefined.ts';

/** Tag that proves that an instance is ours. Its value is the idempotency key. */
export const ALIBABA_ECS_KEY_TAG = 'muster:key';

/** Tag with the number of the RunInstances call that made the instance, from 1. */
export const ALIBABA_ECS_RUN_TAG = 'muster:run';

type Nodes = NonNullable<AlibabaEcsSpec['nodes']>;

/** How many instances make the cluster ready. */
export const nodesWantedOf = ({ nodes }: AlibabaEcsSpec): number => nodes?.minCount ?? nodes?.count ?? 0;

/**
 * Everything that is sent, except the HPC cluster's id, which does not exist yet. `hpc` goes to CreateHpcCluster; it is null
 * when the instance type takes no HPC cluster. Each of `runs` then goes to RunInstances. `minNodes` is not sent: it says how
 * many instances of all runs make the cluster ready.
 */
export const buildCall = (region: string, spec: AlibabaEcsSpec, requestId: string): Json => ({
  hpc:
    spec.nodes === undefined || takesContainer(spec.nodes.instanceType)
      ? omitUndefined({
          RegionId: region,
          Name: KEY_PLACEHOLDER,
          Description: spec.description,
          ClientToken: `${KEY_PLACEHOLDER}-h`,
        })
      : null,
  runs: spec.nodes === undefined ? [] : runsOf(region, spec.nodes, requestId),
  minNodes: nodesWantedOf(spec),
});

/**
 * A call takes at most a hundred instances. The first calls need all of their instances until the minimum is reached. The
 * others take what is available. So stock that suffices for the minimum is not refused.
 */
function runsOf(region: string, nodes: Nodes, requestId: string): Json[] {
  const wanted = nodes.minCount ?? nodes.count;
  const runs: Json[] = [];
  for (let before = 0; before < nodes.count; before += RUN_MAX) {
    const amount = Math.min(RUN_MAX, nodes.count - before);
    const needed = Math.min(amount, Math.max(1, wanted - before));
    runs.push(runOf(region, nodes, requestId, { nth: runs.length + 1, before, amount, needed }));
  }
  return runs;
}

interface RunShare {
  readonly nth: number;
  readonly before: number;
  readonly amount: number;
  readonly needed: number;
}

function runOf(region: string, nodes: Nodes, requestId: string, { nth, before, amount, needed }: RunShare): Json {
  // The service numbers the names: from this number on, with four digits.
  const counted = (prefix: string): string => `${prefix}-[${before + 1},4]`;
  return omitUndefined({
    RegionId: region,
    InstanceType: nodes.instanceType,
    Amount: amount,
    MinAmount: needed === amount ? undefined : needed,
    ImageId: nodes.imageId,
    SecurityGroupId: nodes.securityGroupId,
    SecurityGroupIds: nodes.securityGroupIds,
    VSwitchId: nodes.vSwitchId,
    ZoneId: nodes.zoneId,
    KeyPairName: nodes.keyPairName,
    // The name contains the key, so that a search by name finds an instance whose tag may not show yet.
    InstanceName: counted(KEY_PLACEHOLDER),
    HostName: nodes.hostNamePrefix === undefined ? undefined : counted(nodes.hostNamePrefix),
    SystemDisk: { Category: nodes.systemDisk.category, Size: String(nodes.systemDisk.sizeGB) },
    // A disk that remains after its instance is still billed.
    DataDisk: nodes.dataDisks.map(({ category, sizeGB }) => ({
      ...{ Category: category, Size: sizeGB, DeleteWithInstance: true },
    })),
    SpotStrategy: nodes.spotStrategy,
    InternetMaxBandwidthOut: nodes.internetMaxBandwidthOut,
    InstanceChargeType: 'PostPaid',
    // The service's own guard against forgotten instances: it deletes them after everything that the hold covers.
    AutoReleaseTime: EXPIRY_PLACEHOLDER,
    // Explicit, because the account's default may forbid the deletion.
    DeletionProtection: false,
    Tag: [
      { Key: ALIBABA_ECS_KEY_TAG, Value: KEY_PLACEHOLDER },
      { Key: ALIBABA_ECS_RUN_TAG, Value: String(nth) },
      { Key: 'muster:request', Value: requestId },
      ...Object.entries(nodes.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    ],
    ClientToken: `${KEY_PLACEHOLDER}-r${nth}`,
  });
}
