import { ProviderError } from '../errors.ts';
import type { FoundCluster, Provider } from '../provider.ts';
import { tensorpoolClient, type TensorPoolOptions } from './client.ts';
import { isNotFound, replyError, ambiguous } from './errors.ts';
import { claimFailure, parseInfo, parseListing, type ReportedCluster } from './replies.ts';
import { GONE, toFailedObservation, stateOf, toAccess, toObservation, toUnits } from './states.ts';

/** Of an API key shorter than this no character is shown. */
const SHOWABLE_KEY_LENGTH = 12;

/** Includes the organisation's other clusters, and the instances: a cluster may have no status of its own. */
const LIST = '/cluster/list?include_org=true&instances=true';

/** TensorPool: only the name says whose a cluster is, and two clusters may have the same name. */
export function tensorpoolProvider(options: TensorPoolOptions): Provider {
  const client = tensorpoolClient(options);

  /**
   * Every cluster whose name contains this text. A listing that is not readable, or whose message names a cluster that is not
   * in it, is an error: as an empty listing it would prove our clusters absent.
   */
  const listMatching = async (nameContains: string): Promise<ReportedCluster[]> => {
    const listing = parseListing(await client.call('cluster.list', 'GET', LIST));
    if (listing === undefined) throw ambiguous('cluster.list', 'IncompleteReply', 'the reply has no readable clusters');
    const ours = listing.clusters.filter(({ name }) => name.includes(nameContains));
    if (ours.length === 0 && listing.message.includes(nameContains)) {
      throw ambiguous(
        'cluster.list',
        'IncompleteReply',
        `the message names ${nameContains}, but no cluster has that name`,
      );
    }
    return ours;
  };

  const info = async (clusterId: string): Promise<ReportedCluster> => {
    const cluster = parseInfo(
      await client.call('cluster.info', 'GET', `/cluster/info/${encodeURIComponent(clusterId)}`),
    );
    if (cluster === undefined) throw ambiguous('cluster.info', 'IncompleteReply', 'the reply has no readable cluster');
    return cluster;
  };

  /** Why the vendor's CLUSTER_CLAIM operation failed, if the service says. It is only shown, so it may be missing. */
  const failedClaim = (clusterId: string): Promise<string | undefined> =>
    optional(async () =>
      claimFailure(
        await client.call('cluster.operations', 'GET', `/cluster/operations/${encodeURIComponent(clusterId)}`),
      ),
    );

  return {
    name: 'tensorpool',
    idempotency: 'neither',
    calls: ['cluster.create', 'cluster.list', 'cluster.info', 'cluster.destroy'],

    async find(_region, key) {
      const carriers = (await listMatching(key)).filter(({ name }) => name === key).map(toFound);
      const [oldest] = carriers.sort(byAge);
      return oldest === undefined ? { kind: 'none' } : { kind: 'ours', cluster: oldest };
    },

    async list(_region, nameContains) {
      return (await listMatching(nameContains)).map(toFound);
    },

    async create(_region, stored) {
      const reply = await client.call('cluster.create', 'POST', '/cluster/create', stored);
      const clusterId = reply['cluster_id'];
      if (typeof clusterId !== 'string' || clusterId === '') {
        throw ambiguous('cluster.create', 'IncompleteReply', 'the reply has no cluster_id');
      }
      // The price may be higher than usual. The reply has it at most in its message, so it is read separately.
      const hourlyMicros = await optional(async () => (await info(clusterId)).hourlyMicros);
      return { clusterId, ...(hourlyMicros === undefined ? {} : { hourlyMicros }) };
    },

    async observe(_region, clusterId, stored) {
      let cluster: ReportedCluster;
      try {
        cluster = await info(clusterId);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        // A failed claim may leave nothing but its operation.
        const failed = await failedClaim(clusterId);
        return failed === undefined ? GONE : toFailedObservation(failed, stored);
      }
      const unexplained = stateOf(cluster) === 'failed' && cluster.message === undefined;
      return toObservation(cluster, stored, unexplained ? await failedClaim(clusterId) : undefined);
    },

    access: async (_region, clusterId) => toAccess(await info(clusterId)),

    async units(_region, clusterId) {
      try {
        return toUnits(await info(clusterId));
      } catch (error) {
        if (!isNotFound(error)) throw error;
        return [];
      }
    },

    async delete(_region, clusterId) {
      try {
        await client.call('cluster.destroy', 'DELETE', `/cluster/${encodeURIComponent(clusterId)}`);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },

    identity: () => {
      const { apiKey } = client;
      if (apiKey === '') return Promise.reject(replyError('cluster.list', 401, 'no API key is set', undefined));
      return Promise.resolve(apiKey.length < SHOWABLE_KEY_LENGTH ? 'an API key' : `API key ...${apiKey.slice(-4)}`);
    },

    nonexistentId: 'c-nonexistent',

    close: () => {
      client.close();
    },
  };
}

/** The result of a read that may fail: it is useful, but nothing depends on it. */
async function optional<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** The oldest first, then those without a creation time. Clusters that are being deleted come last. */
function byAge(a: FoundCluster, b: FoundCluster): number {
  const isDeleting = (cluster: FoundCluster): number => (cluster.state === 'deleting' ? 1 : 0);
  if (isDeleting(a) !== isDeleting(b)) return isDeleting(a) - isDeleting(b);
  // Infinity minus Infinity is NaN: neither comes first.
  return (a.createdAtMs ?? Infinity) - (b.createdAtMs ?? Infinity) || 0;
}

function toFound(cluster: ReportedCluster): FoundCluster {
  const { id, name, createdAtMs, hourlyMicros } = cluster;
  return {
    clusterId: id,
    name,
    state: stateOf(cluster),
    createdAtMs: createdAtMs ?? null,
    ...(hourlyMicros === undefined ? {} : { hourlyMicros }),
  };
}
