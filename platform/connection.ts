import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/** Longest time to connect, ms (policy). After it the server counts as unreachable. */
const CONNECT_TIMEOUT_MS = 4_000;

/** Where Temporal is. What is given here replaces the TEMPORAL_* variables and the profile file. */
export interface TemporalTarget {
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
}

/** Options of a connection from the vendor's environment configuration: address, namespace, TLS, API key. */
export function connectionConfig(target: TemporalTarget = {}): ReturnType<typeof loadClientConnectConfig> {
  const config = loadClientConnectConfig();
  if (target.address !== undefined) config.connectionOptions.address = target.address;
  if (target.namespace !== undefined) config.namespace = target.namespace;
  config.namespace ??= 'default';
  return config;
}

/** A connected client. @throws within 4 s if no server answers */
export async function connectClient(target: TemporalTarget = {}): Promise<Client> {
  const { connectionOptions, namespace } = connectionConfig(target);
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: CONNECT_TIMEOUT_MS });
  return new Client({ connection, namespace: namespace ?? 'default' });
}
