import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/** Time to reach the server before it counts as unreachable (policy), ms. */
const CONNECT_TIMEOUT_MS = 4_000;

/** Where Temporal is: an address given here wins over TEMPORAL_* variables and the profile file. */
export interface TemporalTarget {
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
}

/** The options for a connection, by the vendor's own environment configuration (address, namespace, TLS, API key). */
export function connectionConfig(target: TemporalTarget = {}): ReturnType<typeof loadClientConnectConfig> {
  const config = loadClientConnectConfig();
  if (target.address !== undefined) config.connectionOptions.address = target.address;
  if (target.namespace !== undefined) config.namespace = target.namespace;
  config.namespace ??= 'default';
  return config;
}

/** A client, connected: fails within bounded time where nobody answers. */
export async function connectClient(target: TemporalTarget = {}): Promise<Client> {
  const { connectionOptions, namespace } = connectionConfig(target);
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: CONNECT_TIMEOUT_MS });
  return new Client({ connection, namespace: namespace ?? 'default' });
}
