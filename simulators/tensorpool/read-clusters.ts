import { Refusal } from '../core/refusal.ts';
import { isGone } from '../core/visibility.ts';
import type { Operation } from './context.ts';
import { clusterNotFound, invalid } from './errors.ts';
import { clusterShape, requestShape, table, formatUsd } from './reply-shapes.ts';
import { failureAt, statusAt } from './status.ts';
import { nodesAt } from './nodes.ts';

/** The words that FastAPI reads as true, in any case. */
const TRUE = new Set(['true', '1', 'yes', 'on', 't', 'y']);

/** Every cluster that exists, in one reply. No source says that the list has pages. */
export const listClusters: Operation = ({ account, behaviour }, { nowMs }, { query }) => {
  const shown = account.liveClusters(nowMs).filter((cluster) => nowMs >= cluster.visibleToListAtMs);
  const withInstances = TRUE.has((query['instances'] ?? '').toLowerCase());
  const rows = shown.map((cluster) => [
    cluster.id,
    cluster.name,
    statusAt(cluster, nowMs),
    `${cluster.requestedNodes} x ${cluster.request.instance_type}`,
    ...(withInstances
      ? [
          nodesAt(cluster, nowMs)
            .map(({ id }) => id)
            .join(' '),
        ]
      : []),
  ]);
  const headings = ['Cluster ID', 'Name', 'Status', 'Nodes', ...(withInstances ? ['Instances'] : [])];
  return {
    status: 200,
    body: {
      message: rows.length === 0 ? 'No clusters found' : table(headings, rows),
      clusters: shown.map((cluster) => clusterShape(cluster, nowMs, behaviour.details, withInstances)),
    },
  };
};

/** One cluster in full. */
export const clusterInfo: Operation = ({ account, behaviour }, { nowMs }, { id }) => {
  const cluster = account.visibleCluster(id, nowMs);
  const nodes = nodesAt(cluster, nowMs).map((node) => [node.id, node.status, node.address ?? '-']);
  const about = [
    ['Cluster', cluster.id],
    ['Name', cluster.name],
    ['Status', statusAt(cluster, nowMs)],
    ['Price', `$${formatUsd(cluster)} per hour${cluster.pool === 'fallback' ? ' (fallback pool)' : ''}`],
    ...(failureAt(cluster, nowMs) === null ? [] : [['Message', failureAt(cluster, nowMs) ?? '']]),
  ];
  return {
    status: 200,
    body: {
      message: `${about.map(([key, value]) => `${key ?? ''}: ${value ?? ''}`).join('\n')}\n\n${table(['Instance ID', 'Status', 'IP'], nodes)}`,
      cluster_info: clusterShape(cluster, nowMs, behaviour.details, true),
    },
  };
};

/** The requests of a cluster, newest last. That the service still shows them when the cluster is gone is a guess. */
export const clusterOperations: Operation = ({ account }, { nowMs }, { id, query }) => {
  const cluster = account.withId(id);
  if (cluster === undefined || nowMs < cluster.visibleToGetAtMs) throw clusterNotFound(id);
  const operations = account.state.requests
    .filter((request) => request.clusterId === id)
    .map((request) => requestShape(request, cluster, nowMs))
    .filter(({ request_type: type }) => (query['type'] ?? type) === type)
    .filter(({ status }) => (query['status'] ?? status) === status);
  return { status: 200, body: { message: `${operations.length} operations`, operations } };
};

/** The command that opens a shell on an instance. */
export const sshCommand: Operation = ({ account }, { nowMs }, { id }) => {
  const cluster = account.withInstance(id);
  const node = cluster && nodesAt(cluster, nowMs).find((candidate) => candidate.id === id);
  if (cluster === undefined || node === undefined || isGone(cluster, nowMs)) {
    throw new Refusal('NotFound', `Instance ${id} not found`, 404);
  }
  if (node.address === null) throw invalid(`Instance ${id} is not running`);
  return { status: 200, body: { command: `ssh ubuntu@${node.address}`, message: `Connecting to ${id}` } };
};
