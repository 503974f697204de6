import type { SimulatedCluster, SeedCluster } from '../core/control-messages.ts';
import { containerAsCluster, runAsCluster } from './simulated-clusters.ts';
import type { Setting } from './context.ts';
import { hpcClusterId, instanceId, privateIp } from './ids.ts';
import { instanceTypeOf } from './instance-types.ts';
import type { HpcCluster, Run } from './model.ts';

/** The provider's usual ones, for strangers that are told without. */
const USUAL_TYPE = 'ecs.gn7i-c8g1.2xlarge';
const USUAL_STATUS = 'Running';

/**
 * Puts a stranger there, held in its status: instances that all bear the name, and a container of the name around them
 * when their type needs one. Without nodes it is an empty container, which has no tags.
 */
export function seedCluster(setting: Setting, seeded: SeedCluster, nowMs: number): SimulatedCluster {
  const { account } = setting;
  const { name, region, nodes, instanceType = USUAL_TYPE, status = USUAL_STATUS } = seeded;
  const needsContainer = nodes === 0 || instanceTypeOf(instanceType)?.container === 'necessary';
  const container = needsContainer ? seededContainer(setting, region, name, nowMs) : undefined;
  if (container !== undefined) account.state.hpcClusters.push(container);
  const run = seededRun(setting, seeded, { instanceType, status, container }, nowMs);
  if (nodes > 0) account.state.runs.push(run);
  return container === undefined ? runAsCluster(run, nowMs) : containerAsCluster(account, container, nowMs);
}

function seededContainer({ account, seed }: Setting, region: string, name: string, nowMs: number): HpcCluster {
  return {
    id: hpcClusterId(seed, region, account.next('hpc', region)),
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

interface Looks {
  readonly instanceType: string;
  readonly status: string;
  readonly container: HpcCluster | undefined;
}

function seededRun({ account, seed }: Setting, seeded: SeedCluster, looks: Looks, nowMs: number): Run {
  const { region, name, nodes, tags } = seeded;
  const nthRun = account.next('run', region);
  const first = account.next('instance', region, nodes);
  return {
    name,
    region,
    ...(looks.container === undefined ? {} : { hpcClusterId: looks.container.id }),
    createdAtMs: nowMs,
    createdByCall: null,
    initialTags: tags,
    instanceType: looks.instanceType,
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
      id: instanceId(seed, region, nthRun, index),
      nth: first + index,
      name,
      privateIp: privateIp(first + index),
      tags: { ...tags },
      plan: { kind: 'held' as const, status: looks.status },
    })),
  };
}
