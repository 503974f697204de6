import { z } from 'zod';

/*
 * Replies that no document of the vendor describes, and how they are read: every member that a third party's client
 * (github.com/Buttery-Technology/TensorPool, 2026-03) or a sensible service may use, none of them verified. What is not
 * told is undefined; what must be told and is not makes the whole reply unreadable, since a listing in which we do not
 * see our own clusters would prove them absent.
 */

export type JsonObject = Readonly<Record<string, unknown>>;
export const isRecord = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An instance as a reply tells of it. */
export interface SeenInstance {
  readonly id: string;
  readonly status: string | undefined;
  readonly address: string | undefined;
}

/** A cluster as a reply tells of it. */
export interface SeenCluster {
  readonly id: string;
  /** Empty where it has none. */
  readonly name: string;
  readonly status: string | undefined;
  readonly instanceType: string | undefined;
  readonly nodes: number | undefined;
  readonly instances: readonly SeenInstance[] | undefined;
  readonly createdAtMs: number | undefined;
  /** Dollars an hour for the whole cluster, as the service's quote is, in micro-dollars. */
  readonly hourlyMicros: number | undefined;
  readonly message: string | undefined;
}

const text = z.string().min(1);

/** The first member of these names that fits. */
function told<T>(from: JsonObject, schema: z.ZodType<T>, ...names: string[]): T | undefined {
  for (const name of names) {
    const { data } = schema.safeParse(from[name]);
    if (data !== undefined) return data;
  }
  return undefined;
}

const NAMES = ['tp_cluster_name', 'name', 'cluster_name'];

/** A cluster, or undefined for what cannot be told apart: one without an id, or without so much as an empty name. */
function clusterOf(value: unknown): SeenCluster | undefined {
  if (!isRecord(value)) return undefined;
  const id = told(value, text, 'cluster_id', 'id', 'tp_cluster_id');
  if (id === undefined || !NAMES.some((name) => name in value)) return undefined;
  const dollars = told(value, z.number().nonnegative(), 'hourly_rate', 'hourly_price', 'price_per_hour');
  return {
    id,
    name: told(value, text, ...NAMES) ?? '',
    status: told(value, text, 'status', 'cluster_status', 'state')?.toUpperCase(),
    instanceType: told(value, text, 'instance_type'),
    nodes: told(value, z.int().nonnegative(), 'num_nodes'),
    instances: instancesOf(value),
    createdAtMs: timeOf(value['created_at'] ?? value['creation_time']),
    hourlyMicros: dollars === undefined ? undefined : Math.ceil(dollars * 1e6),
    message: told(value, text, 'external_message', 'status_message', 'failure_message', 'message', 'error'),
  };
}

/** `instances` in full, or the ids alone. */
function instancesOf(value: JsonObject): SeenInstance[] | undefined {
  const list = told(value, z.array(z.unknown()), 'instances', 'instance_ids');
  return list?.flatMap((each) => {
    const from: JsonObject = isRecord(each) ? each : { id: each };
    const id = told(from, text, 'id', 'instance_id');
    if (id === undefined) return [];
    const status = told(from, text, 'status', 'instance_status', 'state')?.toUpperCase();
    return [{ id, status, address: told(from, text, 'ip_address', 'ip', 'public_ip', 'host') }];
  });
}

/** ISO text, which Python writes without a zone for UTC, or seconds since the epoch; in ms. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value * 1000;
  if (typeof value !== 'string') return undefined;
  const ms = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Members by which services say that a listing goes on. None is known here: one page taken for all would hide clusters. */
const GOES_ON = ['next', 'next_page', 'next_token', 'next_cursor', 'cursor', 'has_more'];

/**
 * Every cluster of a listing, with the text that the vendor's own client shows; undefined when any cannot be read, or
 * when these are not all.
 */
export function listingOf(reply: JsonObject): { clusters: SeenCluster[]; message: string } | undefined {
  const { clusters, message } = reply;
  if (!Array.isArray(clusters) || GOES_ON.some((name) => Boolean(reply[name]))) return undefined;
  if ((told(reply, z.number(), 'total', 'total_count', 'count') ?? 0) > clusters.length) return undefined;
  const seen = clusters.map(clusterOf);
  if (!seen.every((cluster) => cluster !== undefined)) return undefined;
  return { clusters: seen, message: typeof message === 'string' ? message : '' };
}

/** The cluster of an info reply; undefined when it cannot be read. */
export const infoOf = (reply: JsonObject): SeenCluster | undefined =>
  clusterOf(reply['cluster_info'] ?? reply['cluster']);

/** Why the cluster's claim failed, by its operations; undefined where they do not say that it did. */
export function failedClaimOf(reply: JsonObject): string | undefined {
  const operations = told(reply, z.array(z.unknown()), 'operations', 'requests') ?? [];
  const failed = operations.find(
    (each): each is JsonObject =>
      isRecord(each) && each['request_type'] === 'CLUSTER_CLAIM' && each['status'] === 'FAILED',
  );
  return failed && (told(failed, text, 'external_message', 'message') ?? 'no reason told');
}
