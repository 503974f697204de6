import { ProviderError } from '../errors.ts';
import type { FoundCluster, Provider } from '../provider.ts';
import { tensorpoolClient, type TensorPoolOptions } from './client.ts';
import { isNotFound, replyError, unsure } from './errors.ts';
import { failedClaimOf, infoOf, listingOf, type SeenCluster } from './inferred.ts';
import { GONE, neverMade, stateOf, toAccess, toObservation, toUnits } from './states.ts';

/** Keys shorter than this are shown with none of their characters. */
const SHOWABLE_KEY_LENGTH = 12;

/** With what our organisation's other members see, and with the instances, whose status may be all there is. */
const LIST = '/cluster/list?include_org=true&instances=true';

/** TensorPool: the name is all that tells whose a cluster is, and it may be worn twice. */
export function tensorpoolProvider(options: TensorPoolOptions): Provider {
  const client = tensorpoolClient(options);

  /**
   * Every cluster whose name holds this text. A listing that cannot be read, or whose text names what its members do
   * not, says nothing: read as empty it would prove our clusters absent.
   */
  const listed = async (nameContains: string): Promise<SeenCluster[]> => {
    const listing = listingOf(await client.call('cluster.list', 'GET', LIST));
    if (listing === undefined) throw unsure('cluster.list', 'IncompleteReply', 'the reply has no readable clusters');
    const ours = listing.clusters.filter(({ name }) => name.includes(nameContains));
    if (ours.length === 0 && listing.message.includes(nameContains)) {
      throw unsure('cluster.list', 'IncompleteReply', `the text names ${nameContains}, and no cluster does`);
    }
    return ours;
  };

  const info = async (clusterId: string): Promise<SeenCluster> => {
    const cluster = infoOf(await client.call('cluster.info', 'GET', `/cluster/info/${encodeURIComponent(clusterId)}`));
    if (cluster === undefined) throw unsure('cluster.info', 'IncompleteReply', 'the reply has no readable cluster');
    return cluster;
  };

  /** Why a claim failed, as far as the service tells: what follows does not depend on it. */
  const failedClaim = (clusterId: string): Promise<string | undefined> =>
    ifTold(async () =>
      failedClaimOf(
        await client.call('cluster.operations', 'GET', `/cluster/operations/${encodeURIComponent(clusterId)}`),
      ),
    );

  return {
    name: 'tensorpool',
    idempotency: 'neither',
    calls: ['cluster.create', 'cluster.list', 'cluster.info', 'cluster.destroy'],

    async find(_region, key) {
      const carriers = (await listed(key)).filter(({ name }) => name === key).map(toFound);
      const [oldest] = carriers.sort(byAge);
      return oldest === undefined ? { kind: 'none' } : { kind: 'ours', cluster: oldest };
    },

    async list(_region, nameContains) {
      return (await listed(nameContains)).map(toFound);
    },

    async create(_region, stored) {
      const reply = await client.call('cluster.create', 'POST', '/cluster/create', stored);
      const clusterId = reply['cluster_id'];
      if (typeof clusterId !== 'string' || clusterId === '') {
        throw unsure('cluster.create', 'IncompleteReply', 'the reply has no cluster_id');
      }
      // The price may be above the usual one, and the reply tells it in prose alone, if at all.
      const hourlyMicros = await ifTold(async () => (await info(clusterId)).hourlyMicros);
      return { clusterId, ...(hourlyMicros === undefined ? {} : { hourlyMicros }) };
    },

    async observe(_region, clusterId, stored) {
      let cluster: SeenCluster;
      try {
        cluster = await info(clusterId);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        // A claim that failed may leave nothing behind but its operation.
        const failed = await failedClaim(clusterId);
        return failed === undefined ? GONE : neverMade(failed, stored);
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

    nonexistentId: 'c-nobody',

    close: () => {
      client.close();
    },
  };
}

/** What a call tells; undefined where it does not, for whatever reason: of use, and needed by nobody. */
async function ifTold<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** The oldest first, one without a date after those with one; what is being deleted comes last. */
function byAge(a: FoundCluster, b: FoundCluster): number {
  const leaving = (cluster: FoundCluster): number => (cluster.state === 'deleting' ? 1 : 0);
  if (leaving(a) !== leaving(b)) return leaving(a) - leaving(b);
  // Infinity less itself is no number, and so neither comes first.
  return (a.createdAtMs ?? Infinity) - (b.createdAtMs ?? Infinity) || 0;
}

function toFound(cluster: SeenCluster): FoundCluster {
  const { id, name, createdAtMs, hourlyMicros } = cluster;
  return {
    clusterId: id,
    name,
    state: stateOf(cluster),
    createdAtMs: createdAtMs ?? null,
    ...(hourlyMicros === undefined ? {} : { hourlyMicros }),
  };
}
