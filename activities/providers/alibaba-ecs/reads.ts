import { MAX_LIST_PAGES } from '../../../contracts/limits.ts';
import { ALIBABA_ECS_KEY_TAG, ALIBABA_ECS_RUN_TAG } from '../../../contracts/providers/alibaba-ecs-call.ts';
import type { Body, EcsClient } from './client.ts';
import { EcsError, incompleteReply, isNotFound, unsure } from './errors.ts';

/** Most that one reply holds. */
const PAGE = 100;

/** An HPC cluster: the service tells neither its age nor its state. */
export interface Container {
  readonly id: string;
  readonly name: string;
}

export interface Instance {
  readonly id: string;
  readonly status: string;
  readonly instanceType: string;
  /** The HPC cluster it is in; null outside of any. */
  readonly containerId: string | null;
  /** The value of our tag; undefined where it has none. */
  readonly key: string | undefined;
  /** Which of its creation's runs made it. */
  readonly run: string | undefined;
  /** To the minute; null until it is told. */
  readonly createdAtMs: number | null;
  /** When the service releases it by itself, to the minute; null where it never does. */
  readonly releasesAtMs: number | null;
  /** Private address; null until it is told. */
  readonly address: string | null;
}

/** Which instances to read: the service's own filters. */
export type InstanceFilter =
  | { readonly HpcClusterId: string }
  | { readonly Tag: readonly { readonly Key: string; readonly Value: string }[] }
  /** `*` stands for any text. */
  | { readonly InstanceName: string };

/** What the adapter reads, to the last page. A listing that says "not found" or lacks its list is no answer. */
export interface EcsReads {
  containers(region: string): Promise<Container[]>;
  container(region: string, id: string): Promise<Container | undefined>;
  instances(region: string, filter: InstanceFilter): Promise<Instance[]>;
}

export function ecsReads(ecs: EcsClient): EcsReads {
  const describeContainers = async (region: string, more: object) => {
    const reply = await ecs.call('DescribeHpcClusters', region, { RegionId: region, ...more });
    const items = reply.hpcClusters?.hpcCluster;
    if (items === undefined) throw incompleteReply('DescribeHpcClusters', 'HpcClusters');
    return { items: items.map(({ hpcClusterId = '', name = '' }) => ({ id: hpcClusterId, name })), reply };
  };

  return {
    containers: (region) =>
      listed('DescribeHpcClusters', async () => {
        const byId = new Map<string, Container>();
        let leastTotal = Infinity;
        for (let page = 1; page <= MAX_LIST_PAGES; page += 1) {
          const { items, reply } = await describeContainers(region, { PageNumber: page, PageSize: PAGE });
          const { totalCount = byId.size + items.length } = reply;
          // Pages are counted anew each time: where one has gone meanwhile, another has moved to a page read before.
          if (page > 1 && totalCount < leastTotal)
            throw unsure('DescribeHpcClusters', 'Moved', 'it changed while read');
          leastTotal = Math.min(leastTotal, totalCount);
          for (const item of items) byId.set(item.id, item);
          if (items.length < PAGE || page * PAGE >= totalCount) return [...byId.values()];
        }
        throw endless('DescribeHpcClusters');
      }),

    container: async (region, id) => {
      try {
        const { items } = await describeContainers(region, { HpcClusterIds: JSON.stringify([id]), PageSize: PAGE });
        return items.find((item) => item.id === id);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },

    instances: (region, filter) =>
      listed('DescribeInstances', async () => {
        const all: Instance[] = [];
        let NextToken: string | undefined;
        for (let page = 1; page <= MAX_LIST_PAGES; page += 1) {
          const query = { RegionId: region, ...filter, MaxResults: PAGE, NextToken };
          const { instances, nextToken } = await ecs.call('DescribeInstances', region, query);
          if (instances?.instance === undefined) throw incompleteReply('DescribeInstances', 'Instances');
          all.push(...instances.instance.map(toInstance));
          if (!nextToken) return all;
          NextToken = nextToken;
        }
        throw endless('DescribeInstances');
      }).catch((error: unknown) => {
        // Nothing is in a container that is gone.
        if ('HpcClusterId' in filter && error instanceof EcsError && error.isOfUnknownContainer) return [];
        throw error;
      }),
  };
}

async function listed<T>(call: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error)) throw unsure(call, 'NotFound', 'a listing said that something is not found');
    throw error;
  }
}

const endless = (call: string): EcsError =>
  new EcsError('unknown', {
    ...{ call, vendorCode: 'EndlessListing' },
    text: `a listing did not end after ${MAX_LIST_PAGES} pages`,
  });

type WireInstance = NonNullable<NonNullable<Body<'DescribeInstances'>['instances']>['instance']>[number];

function toInstance(wire: WireInstance): Instance {
  const tag = (key: string): string | undefined => wire.tags?.tag?.find(({ tagKey }) => tagKey === key)?.tagValue;
  return {
    id: wire.instanceId ?? '',
    status: wire.status ?? '',
    instanceType: wire.instanceType ?? '',
    // Outside of any, the service sends an empty text.
    containerId: wire.hpcClusterId ? wire.hpcClusterId : null,
    key: tag(ALIBABA_ECS_KEY_TAG),
    run: tag(ALIBABA_ECS_RUN_TAG),
    createdAtMs: timeOf(wire.creationTime),
    // Where it has none, the service sends an empty text.
    releasesAtMs: timeOf(wire.autoReleaseTime),
    address: wire.vpcAttributes?.privateIpAddress?.ipAddress?.[0] ?? null,
  };
}

function timeOf(text: string | undefined): number | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : ms;
}
