import { performance } from 'node:perf_hooks';
import type { ProviderErrorKind } from '../errors.ts';
import { EcsError, toProviderError, ambiguous } from './errors.ts';
import type { AlibabaEcsOptions } from './options.ts';
import { loadSdk, type Connection, type Operations } from './sdk.ts';

export type Operation = keyof Operations;

/** A vendor's model as plain data. */
type Plain<T> = { readonly [Field in keyof T]: T[Field] };

/** The body of an operation's reply. */
export type Body<N extends Operation> = Plain<NonNullable<Awaited<ReturnType<Operations[N]>>['body']>>;

/** The service's operations. */
export interface EcsClient {
  readonly callTimeoutMs: number;
  /**
   * Makes one HTTP request, which ends in bounded time.
   * @param input fields by their wire names, as they were stored
   * @param timeoutMs the time left, when it is less than the longest call
   * @throws EcsError for everything but a reply with a body
   */
  call<N extends Operation>(name: N, region: string, input: object, timeoutMs?: number): Promise<Body<N>>;
  /** The credentials that sign the calls, without secrets. */
  identity(): Promise<string>;
  close(): void;
}

/** Credentials are the same in every region. */
const ANY_REGION = 'cn-hangzhou';

/** Makes one connection for each region, when it is first needed. */
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
      const text = 'no client could be created; check that the endpoint is a URL';
      throw new EcsError('unavailable', { call: 'connect', vendorCode: 'NoClient', text });
    }
  };

  /** Read before each call: without credentials nothing is sent. */
  const credentialsOf = async ({ credential }: Connection) => {
    try {
      const found = await withTimeout(callTimeoutMs, 'credentials', credential.getCredential());
      if (found.accessKeyId) return { accessKeyId: found.accessKeyId, providerName: found.providerName };
    } catch (error) {
      // The chain's own message contains file paths and addresses, so it is not repeated.
      if (error instanceof EcsError) throw noCredentials('unavailable', error.message);
    }
    throw noCredentials('unauthorized', 'none were found in the environment, in a profile or in a role');
  };

  return {
    callTimeoutMs,

    async call<N extends Operation>(name: N, region: string, input: object, timeoutMs = callTimeoutMs) {
      const connection = connectionIn(region);
      const endsAt = performance.now() + Math.min(timeoutMs, callTimeoutMs);
      await credentialsOf(connection);
      const ms = Math.max(1, Math.ceil(endsAt - performance.now()));
      try {
        const send = loadSdk().operations(connection, ms)[name] as (input: object) => Promise<{ body?: Body<N> }>;
        // The SDK's own timeouts limit silence, and its calls cannot be cancelled: after our timeout a call may still finish.
        const { body } = await withTimeout(ms, name, send(input));
        if (!body) throw ambiguous(name, 'IncompleteReply', 'the reply has no body');
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
      // The SDK owns the sockets, in one pool for the process.
      connections.clear();
    },
  };
}

const noCredentials = (kind: ProviderErrorKind, text: string): EcsError =>
  new EcsError(kind, { call: 'credentials', vendorCode: 'NoCredentials', text });

async function withTimeout<T>(ms: number, call: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(ambiguous(call, 'Timeout', `no answer in ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
