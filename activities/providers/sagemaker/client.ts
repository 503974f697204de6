import { SageMakerClient, type SageMakerClientConfig } from '@aws-sdk/client-sagemaker';
import { muteSdkNotice } from '../../../platform/config.ts';

/** Time to connect, ms (policy). Without a connection nothing was sent. */
const CONNECT_TIMEOUT_MS = 3_000;

/** Credentials are the same in every region. */
const ANY_REGION = 'us-east-1';

/** What the adapter needs to reach the service. */
export interface SageMakerOptions {
  /** Replaces the region's real endpoint, for simulators and proxies. */
  readonly endpoint?: string | undefined;
  /** Without it, the vendor's default chain: environment, profile, role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Longest HTTP call, ms. */
  readonly callTimeoutMs: number;
}

/**
 * Makes one client for each region, when it is first needed. `maxAttempts: 1`, because the SDK otherwise sends CreateCluster
 * up to three times. `throwOnRequestTimeout`, because a request timeout otherwise only logs, and the call never ends.
 */
export function sagemakerClients(options: SageMakerOptions): {
  in(region: string): SageMakerClient;
  /** The credentials that sign the calls, without secrets. */
  identity(): Promise<string>;
  close(): void;
} {
  muteSdkNotice();
  const clients = new Map<string, SageMakerClient>();
  const base: SageMakerClientConfig = {
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: options.callTimeoutMs,
      throwOnRequestTimeout: true,
    },
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  };
  const clientIn = (region: string): SageMakerClient => {
    const client = clients.get(region) ?? new SageMakerClient({ ...base, region });
    clients.set(region, client);
    return client;
  };
  return {
    in: clientIn,
    identity: async () => {
      const { accessKeyId, accountId } = await clientIn(ANY_REGION).config.credentials();
      return `access key ...${accessKeyId.slice(-4)}${accountId === undefined ? '' : ` of account ${accountId}`}`;
    },
    close: () => {
      for (const client of clients.values()) client.destroy();
    },
  };
}
