import { RUN_MAX, takesContainer, type AlibabaEcsSpec } from './alibaba-ecs-spec.ts';
import { EXPIRY, KEY, type Json } from './definition.ts';

/** Tag that proves an instance is ours: its value is the idempotency key. */
export const ALIBABA_ECS_KEY_TAG = 'muster:key';

/** Tag that says which of a creation's RunInstances calls made an instance, from 1. */
export const ALIBABA_ECS_RUN_TAG = 'muster:run';

type Nodes = NonNullable<AlibabaEcsSpec['nodes']>;

/** Drops what was not given, so that the stored call has only what will be sent. */
const omitUndefined = (fields: Record<string, Json | undefined>): Record<string, Json> =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined));

/** How many instances of this many make a cluster usable. */
export const nodesWantedOf = ({ nodes }: AlibabaEcsSpec): number => nodes?.minCount ?? nodes?.count ?? 0;

/**
 * Everything that will be sent, but for the HPC cluster's id, which is known only once there is one: `hpc` to
 * CreateHpcCluster, unless the nodes take none, then each of `runs` to RunInstances. `minNodes` is sent to nobody: it
 * tells how many instances of all runs make the cluster usable.
 */
export const callOf = (region: string, spec: AlibabaEcsSpec, requestId: string): Json => ({
  hpc:
    spec.nodes === undefined || takesContainer(spec.nodes.instanceType)
      ? omitUndefined({ RegionId: region, Name: KEY, Description: spec.description, ClientToken: `${KEY}-h` })
      : null,
  runs: spec.nodes === undefined ? [] : runsOf(region, spec.nodes, requestId),
  minNodes: nodesWantedOf(spec),
});

/**
 * A call takes at most a hundred instances. The first calls carry the minimum and want all they ask for, up to it; what
 * goes beyond it is content with what there is: so stock that is enough in all is never refused for being uneven.
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

interface Share {
  readonly nth: number;
  readonly before: number;
  readonly amount: number;
  readonly needed: number;
}

function runOf(region: string, nodes: Nodes, requestId: string, { nth, before, amount, needed }: Share): Json {
  // The service counts names up from a number, in as many digits as said.
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
    // Names carry the key so that a search by name finds what a search by tag may not show yet.
    InstanceName: counted(KEY),
    HostName: nodes.hostNamePrefix === undefined ? undefined : counted(nodes.hostNamePrefix),
    SystemDisk: { Category: nodes.systemDisk.category, Size: String(nodes.systemDisk.sizeGB) },
    // A disk that outlives its instance goes on costing.
    DataDisk: nodes.dataDisks.map(({ category, sizeGB }) => ({
      ...{ Category: category, Size: sizeGB, DeleteWithInstance: true },
    })),
    SpotStrategy: nodes.spotStrategy,
    InternetMaxBandwidthOut: nodes.internetMaxBandwidthOut,
    InstanceChargeType: 'PostPaid',
    // The service's own guard against leaks: past all that the hold covers, it ends the instance by itself.
    AutoReleaseTime: EXPIRY,
    // An account's default that said otherwise would keep us from making it absent.
    DeletionProtection: false,
    Tag: [
      { Key: ALIBABA_ECS_KEY_TAG, Value: KEY },
      { Key: ALIBABA_ECS_RUN_TAG, Value: String(nth) },
      { Key: 'muster:request', Value: requestId },
      ...Object.entries(nodes.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    ],
    ClientToken: `${KEY}-r${nth}`,
  });
}
