import { SageMakerClient, type SageMakerClientConfig } from '@aws-sdk/client-sagemaker';

/** Time to connect, ms; a connection that is refused or never made sent nothing (policy). */
const CONNECT_TIMEOUT_MS = 3_000;

/** Credentials are the same in every region. */
const ANY_REGION = 'us-east-1';

/** What the adapter needs to reach the service. */
export interface SageMakerOptions {
  /** Overrides the real endpoint of the region, for simulators and proxies. */
  readonly endpoint?: string | undefined;
  /** Left out: the vendor's default chain (environment, profile, role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Longest HTTP call, ms. */
  readonly callTimeoutMs: number;
}

/**
 * A client a region, made when first needed.
 * `maxAttempts: 1`, because the SDK would otherwise send CreateCluster up to three times by itself; and
 * `throwOnRequestTimeout`, because without it a request timeout only logs and the call hangs for ever.
 */
export function sagemakerClients(options: SageMakerOptions): {
  in(region: string): SageMakerClient;
  /** Whose credentials the calls are signed with. */
  identity(): Promise<string>;
  close(): void;
} {
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
