import { z } from 'zod';

/*
 * How the vendor's replies are read. The vendor does not document them. The field names here are those of a third-party
 * client (github.com/Buttery-Technology/TensorPool, 2026-03) and other likely ones; none is verified. A missing optional
 * field is undefined. A missing required field makes the whole reply unreadable: a listing without our clusters would prove
 * them absent.
 */

export type JsonObject = Readonly<Record<string, unknown>>;
export const isRecord = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An instance as a reply reports it. */
export interface ReportedInstance {
  readonly id: string;
  readonly status: string | undefined;
  readonly address: string | undefined;
}

/** A cluster as a reply reports it. */
export interface ReportedCluster {
  readonly id: string;
  /** Empty when it has no name. */
  readonly name: string;
  readonly status: string | undefined;
  readonly instanceType: string | undefined;
  readonly nodes: number | undefined;
  readonly instances: readonly ReportedInstance[] | undefined;
  readonly createdAtMs: number | undefined;
  /** Price of the whole cluster, micro-dollars an hour; the service's quote is in dollars. */
  readonly hourlyMicros: number | undefined;
  readonly message: string | undefined;
}

const text = z.string().min(1);

/** The first of these members that matches the schema. */
function firstMember<T>(from: JsonObject, schema: z.ZodType<T>, ...names: string[]): T | undefined {
  for (const name of names) {
    const { data } = schema.safeParse(from[name]);
    if (data !== undefined) return data;
  }
  return undefined;
}

const NAMES = ['tp_cluster_name', 'name', 'cluster_name'];

/** A cluster; undefined without an id, or without any name field (an empty name is fine). */
function parseCluster(value: unknown): ReportedCluster | undefined {
  if (!isRecord(value)) return undefined;
  const id = firstMember(value, text, 'cluster_id', 'id', 'tp_cluster_id');
  if (id === undefined || !NAMES.some((name) => name in value)) return undefined;
  const dollars = firstMember(value, z.number().nonnegative(), 'hourly_rate', 'hourly_price', 'price_per_hour');
  return {
    id,
    name: firstMember(value, text, ...NAMES) ?? '',
    status: firstMember(value, text, 'status', 'cluster_status', 'state')?.toUpperCase(),
    instanceType: firstMember(value, text, 'instance_type'),
    nodes: firstMember(value, z.int().nonnegative(), 'num_nodes'),
    instances: instancesOf(value),
    createdAtMs: timeOf(value['created_at'] ?? value['creation_time']),
    hourlyMicros: dollars === undefined ? undefined : Math.ceil(dollars * 1e6),
    message: firstMember(value, text, 'external_message', 'status_message', 'failure_message', 'message', 'error'),
  };
}

/** From a list of instances, or a list of their ids. */
function instancesOf(value: JsonObject): ReportedInstance[] | undefined {
  const list = firstMember(value, z.array(z.unknown()), 'instances', 'instance_ids');
  return list?.flatMap((each) => {
    const from: JsonObject = isRecord(each) ? each : { id: each };
    const id = firstMember(from, text, 'id', 'instance_id');
    if (id === undefined) return [];
    const status = firstMember(from, text, 'status', 'instance_status', 'state')?.toUpperCase();
    return [{ id, status, address: firstMember(from, text, 'ip_address', 'ip', 'public_ip', 'host') }];
  });
}

/** Ms since the epoch, from seconds or from ISO text. Python writes UTC without a zone. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value * 1000;
  if (typeof value !== 'string') return undefined;
  const ms = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Members that would mean that there are more pages. None is known here, and one page read as all would hide clusters. */
const MORE_PAGES = ['next', 'next_page', 'next_token', 'next_cursor', 'cursor', 'has_more'];

/** The clusters of a listing and its message; undefined when a cluster is not readable or the list is not complete. */
export function parseListing(reply: JsonObject): { clusters: ReportedCluster[]; message: string } | undefined {
  const { clusters, message } = reply;
  if (!Array.isArray(clusters) || MORE_PAGES.some((name) => Boolean(reply[name]))) return undefined;
  if ((firstMember(reply, z.number(), 'total', 'total_count', 'count') ?? 0) > clusters.length) return undefined;
  const parsed = clusters.map(parseCluster);
  if (!parsed.every((cluster) => cluster !== undefined)) return undefined;
  return { clusters: parsed, message: typeof message === 'string' ? message : '' };
}

/** The cluster of an info reply; undefined when it is not readable. */
export const parseInfo = (reply: JsonObject): ReportedCluster | undefined =>
  parseCluster(reply['cluster_info'] ?? reply['cluster']);

/** Why the cluster's claim failed, from its operations; undefined when none of them is a failed claim. */
export function claimFailure(reply: JsonObject): string | undefined {
  const operations = firstMember(reply, z.array(z.unknown()), 'operations', 'requests') ?? [];
  const failed = operations.find(
    (each): each is JsonObject =>
      isRecord(each) && each['request_type'] === 'CLUSTER_CLAIM' && each['status'] === 'FAILED',
  );
  return failed && (firstMember(failed, text, 'external_message', 'message') ?? 'no reason given');
}
