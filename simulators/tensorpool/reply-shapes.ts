import type { Behaviour } from './behaviour.ts';
import type { Cluster } from './cluster.ts';
import { failureAt, statusAt } from './status.ts';
import { nodesAt } from './nodes.ts';
import { externalMessageAt, requestStatusAt, type TrackedRequest } from './requests.ts';

/*
 * The shapes of replies that the vendor does not document. A third party's client
 * (github.com/Buttery-Technology/TensorPool, 2026-03) reads `clusters`, `cluster_info`, `id`, `name`, `instance_type`,
 * `instances[].{id,status}`, `storage`, `deletion_protection`, `keys` and `hourly_rate`; all else is a guess.
 */

const MICROS_PER_USD = 1_000_000;

/** A cluster as list and info show it. `sparse` leaves out the members that are guesses. */
export function clusterShape(cluster: Cluster, nowMs: number, details: Behaviour['details'], withInstances: boolean) {
  const nodes = nodesAt(cluster, nowMs);
  const full = details === 'full';
  return {
    id: cluster.id,
    name: cluster.name,
    instance_type: cluster.request.instance_type,
    ...(withInstances
      ? {
          instances: nodes.map(({ id, status, address }) => ({
            id,
            status,
            ...(full ? { ip_address: address } : {}),
          })),
        }
      : {}),
    storage: [],
    deletion_protection: cluster.deletionProtection,
    ...(full
      ? {
          status: statusAt(cluster, nowMs),
          num_nodes: cluster.requestedNodes,
          created_at: new Date(cluster.createdAtMs).toISOString(),
          hourly_rate: cluster.hourlyMicros / MICROS_PER_USD,
          external_message: failureAt(cluster, nowMs),
        }
      : {}),
  };
}

/** A request as /request/info shows it, which the vendor documents. That /cluster/operations shows the same is a guess. */
export function requestShape(request: TrackedRequest, cluster: Cluster | undefined, nowMs: number) {
  return {
    request_id: request.id,
    request_type: request.type,
    status: requestStatusAt(request, cluster, nowMs),
    created_at: new Date(request.createdAtMs).toISOString(),
    object_id: request.clusterId,
    external_message: externalMessageAt(request, cluster, nowMs),
  };
}

/** The message in the reply to a create. It names a price above the usual one, as info does. */
export function createMessage(cluster: Cluster): string {
  const started = `Cluster ${cluster.id} (${cluster.name}) creation initiated`;
  if (cluster.pool === 'primary') return started;
  return `${started}. The primary capacity pool is fully utilized: a fallback pool is used at $${formatUsd(cluster)} per hour`;
}

/** The price of the whole cluster in dollars. */
export const formatUsd = (cluster: Cluster): string => (cluster.hourlyMicros / MICROS_PER_USD).toFixed(2);

/** Columns of text, which the vendor's own client prints. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
