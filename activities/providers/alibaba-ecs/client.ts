import { performance } from 'node:perf_hooks';
import type { ProviderErrorKind } from '../errors.ts';
import { EcsError, toProviderError, unsure } from './errors.ts';
import { loadSdk, type Connection, type Operations } from './sdk.ts';

/** What the adapter needs to reach the service. */
export interface AlibabaEcsOptions {
  /** Overrides the real endpoint of the region, for simulators and proxies: a URL without a path. */
  readonly endpoint?: string | undefined;
  /** Left out: the vendor's default chain (environment, OIDC, profile, role of the instance). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Longest HTTP call, ms. */
  readonly callTimeoutMs: number;
}

export type Operation = keyof Operations;

/** A vendor's model as plain data. */
type Plain<T> = { readonly [Field in keyof T]: T[Field] };

/** The body of an operation's reply. */
export type Body<N extends Operation> = Plain<NonNullable<Awaited<ReturnType<Operations[N]>>['body']>>;

/** The service, by its operations. */
export interface EcsClient {
  readonly callTimeoutMs: number;
  /**
   * One HTTP request, which ends by itself in bounded time.
   * @param input by the names of the wire, as they were stored
   * @param withinMs less than the longest call, where less time is left
   * @throws EcsError for all but a reply with a body
   */
  call<N extends Operation>(name: N, region: string, input: object, withinMs?: number): Promise<Body<N>>;
  /** Whose credentials the calls are signed with. */
  identity(): Promise<string>;
  close(): void;
}

/** Credentials are the same in every region. */
const ANY_REGION = 'cn-hangzhou';

/** A connection a region, made when first needed, with the SDK. */
export function ecsClient(options: AlibabaEcsOptions): EcsClient {
  const { callTimeoutMs } = options;
  const connections = new Map<string, Connection>();

  const connectionIn = (region: string): Connection => {
    const sdk = loadSdk();
    try {
      const connection = connections.get(region) ?? sdk.connect(region, options);
      connections.set(region, connection);
      return connection;
    } catch {
      const text = 'no client could be made: is the endpoint a URL?';
      throw new EcsError('unavailable', { call: 'connect', vendorCode: 'NoClient', text });
    }
  };

  /** Asked for before each call: without any, nothing is sent, whatever else is wrong. */
  const credentialsOf = async ({ credential }: Connection) => {
    try {
      const found = await within(callTimeoutMs, 'credentials', credential.getCredential());
      if (found.accessKeyId) return { accessKeyId: found.accessKeyId, providerName: found.providerName };
    } catch (error) {
      // The chain's words name the files and addresses it looked at; ours say enough.
      if (error instanceof EcsError) throw noCredentials('unavailable', error.message);
    }
    throw noCredentials('unauthorized', 'none were found in the environment, a profile or a role');
  };

  return {
    callTimeoutMs,

    async call<N extends Operation>(name: N, region: string, input: object, withinMs = callTimeoutMs) {
      const connection = connectionIn(region);
      const endsAt = performance.now() + Math.min(withinMs, callTimeoutMs);
      await credentialsOf(connection);
      const ms = Math.max(1, Math.ceil(endsAt - performance.now()));
      try {
        const send = loadSdk().operations(connection, ms)[name] as (input: object) => Promise<{ body?: Body<N> }>;
        // The SDK's own timeouts are of silence, and it cannot be stopped: a call given up goes on, unheard.
        const { body } = await within(ms, name, send(input));
        if (!body) throw unsure(name, 'IncompleteReply', 'the reply has no body');
        return body;
      } catch (error) {
        throw toProviderError(name, error);
      }
    },

    identity: async () => {
      const { accessKeyId, providerName } = await credentialsOf(connectionIn(ANY_REGION));
      return `access key ...${accessKeyId.slice(-4)}${providerName ? ` (${providerName})` : ''}`;
    },

    close: () => {
      // Sockets belong to the SDK, one pool a process; nothing of this client's own is open.
      connections.clear();
    },
  };
}

const noCredentials = (kind: ProviderErrorKind, text: string): EcsError =>
  new EcsError(kind, { call: 'credentials', vendorCode: 'NoCredentials', text });

async function within<T>(ms: number, call: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(unsure(call, 'Timeout', `no answer in ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
