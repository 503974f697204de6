import { MAX_LIST_PAGES } from '../../../contracts/limits.ts';
import { ALIBABA_ECS_KEY_TAG, ALIBABA_ECS_RUN_TAG } from '../../../contracts/providers/alibaba-ecs-call.ts';
import type { Body, EcsClient } from './client.ts';
import { EcsError, incompleteReply, isNotFound, ambiguous } from './errors.ts';

/** Most items in one reply. */
const PAGE = 100;

/** An HPC cluster. The service reports neither its creation time nor its state. */
export interface Container {
  readonly id: string;
  readonly name: string;
}

export interface Instance {
  readonly id: string;
  readonly status: string;
  readonly instanceType: string;
  /** The HPC cluster that it is in; null when it is in none. */
  readonly containerId: string | null;
  /** The value of our key tag; undefined without one. */
  readonly key: string | undefined;
  /** The value of our run tag: which run of its creation made it. */
  readonly run: string | undefined;
  /** To the minute, ms since the epoch; null until the service reports it. */
  readonly createdAtMs: number | null;
  /** When the service deletes it by itself, to the minute, ms since the epoch; null for never. */
  readonly releasesAtMs: number | null;
  /** Private address; null until the service reports it. */
  readonly address: string | null;
}

/** A filter of the service. */
export type InstanceFilter =
  | { readonly HpcClusterId: string }
  | { readonly Tag: readonly { readonly Key: string; readonly Value: string }[] }
  /** `*` matches any text. */
  | { readonly InstanceName: string };

/** What the adapter reads, with all pages. A listing that says "not found", or has no list, is an error and not an empty list. */
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
      readListing('DescribeHpcClusters', async () => {
        const byId = new Map<string, Container>();
        let leastTotal = Infinity;
        for (let page = 1; page <= MAX_LIST_PAGES; page += 1) {
          const { items, reply } = await describeContainers(region, { PageNumber: page, PageSize: PAGE });
          const { totalCount = byId.size + items.length } = reply;
          // When an item disappears during the read, another one moves to a page that was read already.
          if (page > 1 && totalCount < leastTotal)
            throw ambiguous('DescribeHpcClusters', 'Moved', 'the list changed while it was read');
          leastTotal = Math.min(leastTotal, totalCount);
          for (const item of items) byId.set(item.id, item);
          if (items.length < PAGE || page * PAGE >= totalCount) return [...byId.values()];
        }
        throw endlessListing('DescribeHpcClusters');
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
      readListing('DescribeInstances', async () => {
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
        throw endlessListing('DescribeInstances');
      }).catch((error: unknown) => {
        // A deleted container has no instances.
        if ('HpcClusterId' in filter && error instanceof EcsError && error.isUnknownContainer) return [];
        throw error;
      }),
  };
}

async function readListing<T>(call: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error)) throw ambiguous(call, 'NotFound', 'a listing answered that something is not found');
    throw error;
  }
}

const endlessListing = (call: string): EcsError =>
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
    // Without a container the service sends an empty string.
    containerId: wire.hpcClusterId ? wire.hpcClusterId : null,
    key: tag(ALIBABA_ECS_KEY_TAG),
    run: tag(ALIBABA_ECS_RUN_TAG),
    createdAtMs: timeOf(wire.creationTime),
    // Without a release time the service sends an empty string.
    releasesAtMs: timeOf(wire.autoReleaseTime),
    address: wire.vpcAttributes?.privateIpAddress?.ipAddress?.[0] ?? null,
  };
}

function timeOf(text: string | undefined): number | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : ms;
}
