import type { SeedCluster, SimulatedCluster } from '../core/control-messages.ts';
import type { Context } from './context.ts';
import { hpcClusterId, instanceId, privateIp } from './ids.ts';
import { instanceTypeOf } from './instance-types.ts';
import type { HpcCluster, Run } from './model.ts';
import { containerAsCluster, runAsCluster } from './simulated-clusters.ts';

/** What a cluster of another owner has unless the control call says otherwise. */
const DEFAULT_TYPE = 'ecs.gn7i-c8g1.2xlarge';
const DEFAULT_STATUS = 'Running';

/**
 * Puts a cluster of another owner into the account, which keeps its status: instances that all have its name, and a
 * container of this name around them when their type needs one. Without nodes it is an empty container, without tags.
 */
export function seedCluster(context: Context, seeded: SeedCluster, nowMs: number): SimulatedCluster {
  const { account } = context;
  const { name, region, nodes, instanceType = DEFAULT_TYPE, status = DEFAULT_STATUS } = seeded;
  const needsContainer = nodes === 0 || instanceTypeOf(instanceType)?.container === 'necessary';
  const container = needsContainer ? seededContainer(context, region, name, nowMs) : undefined;
  if (container !== undefined) account.state.hpcClusters.push(container);
  const run = seededRun(context, seeded, { instanceType, status, container }, nowMs);
  if (nodes > 0) account.state.runs.push(run);
  return container === undefined ? runAsCluster(run, nowMs) : containerAsCluster(account, container, nowMs);
}

function seededContainer({ account, seed }: Context, region: string, name: string, nowMs: number): HpcCluster {
  return {
    id: hpcClusterId(seed, region, account.reserveNumbers('hpc', region)),
    name,
    region,
    description: '',
    createdAtMs: nowMs,
    createdByCall: null,
    readyAtMs: nowMs,
    deleteStuck: false,
    visibleToGetAtMs: nowMs,
    visibleToListAtMs: nowMs,
  };
}

interface SeedDetails {
  readonly instanceType: string;
  readonly status: string;
  readonly container: HpcCluster | undefined;
}

function seededRun({ account, seed }: Context, seeded: SeedCluster, details: SeedDetails, nowMs: number): Run {
  const { region, name, nodes, tags } = seeded;
  const runNumber = account.reserveNumbers('run', region);
  const first = account.reserveNumbers('instance', region, nodes);
  return {
    name,
    region,
    ...(details.container === undefined ? {} : { hpcClusterId: details.container.id }),
    createdAtMs: nowMs,
    createdByCall: null,
    initialTags: tags,
    instanceType: details.instanceType,
    imageId: 'strangers-image',
    zoneId: `${region}-g`,
    vSwitchId: 'vsw-stranger',
    securityGroupIds: ['sg-stranger'],
    keyPairName: '',
    spotStrategy: 'NoSpot',
    deletionProtection: false,
    deleteStuck: false,
    visibleToGetAtMs: nowMs,
    visibleToListAtMs: nowMs,
    instances: Array.from({ length: nodes }, (_, index) => ({
      id: instanceId(seed, region, runNumber, index),
      number: first + index,
      name,
      privateIp: privateIp(first + index),
      tags: { ...tags },
      plan: { kind: 'forced' as const, status: details.status },
    })),
  };
}
