import { Agent, request } from 'undici';
import { isRecord, type JsonObject } from './inferred.ts';
import { replyError, sendingError, unsure } from './errors.ts';

/** The vendor's own address. */
const ENDPOINT = 'https://engine.tensorpool.dev';

/** Time to connect, ms; a connection that is refused or never made sent nothing (policy). */
const CONNECT_TIMEOUT_MS = 3_000;

/** Largest reply read, bytes: a listing is not paged, and takes some 300 bytes a node (policy). */
const MAX_REPLY_BYTES = 64 * 1024 * 1024;

/** What the adapter needs to reach the service. */
export interface TensorPoolOptions {
  /** Overrides the real endpoint, for simulators and proxies. */
  readonly endpoint?: string | undefined;
  /** The account's key; without one every call fails as unauthorized, unsent. */
  readonly apiKey?: string | undefined;
  /** Longest HTTP call, ms. */
  readonly callTimeoutMs: number;
}

/** The service's operations that the adapter uses, by the names that its errors say. */
export type Call = 'cluster.create' | 'cluster.list' | 'cluster.info' | 'cluster.operations' | 'cluster.destroy';

export interface TensorPoolClient {
  /**
   * One HTTP request, which ends by itself in bounded time and follows no redirect: a key must not be sent elsewhere.
   * @returns the body of a 2xx
   * @throws ProviderError for all else
   */
  call(name: Call, method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<JsonObject>;
  readonly apiKey: string;
  close(): void;
}

export function tensorpoolClient(options: TensorPoolOptions): TensorPoolClient {
  const base = (options.endpoint ?? ENDPOINT).replace(/\/+$/, '');
  const apiKey = options.apiKey?.trim() ?? '';
  const agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS }, maxResponseSize: MAX_REPLY_BYTES });
  const secret = (text: string): string => (apiKey === '' ? text : text.replaceAll(apiKey, '[key]'));

  return {
    apiKey,
    call: async (name, method, path, body) => {
      if (apiKey === '') throw replyError(name, 401, 'no API key is set', undefined);
      let reply: { status: number; retryAfter: string | undefined; text: string };
      try {
        reply = await send(method, path, body);
      } catch (error) {
        throw sendingError(name, error);
      }
      const { status, retryAfter, text } = reply;
      const parsed = parse(text);
      if (status >= 200 && status < 300) {
        if (parsed === undefined) throw unsure(name, 'NotJson', `the body of a ${status} is no JSON object`);
        return parsed;
      }
      throw replyError(name, status, parsed === undefined ? undefined : secret(wordsOf(parsed)), retryAfter);
    },
    close: () => {
      void agent.destroy();
    },
  };

  async function send(method: 'GET' | 'POST' | 'DELETE', path: string, body: unknown) {
    const response = await request(base + path, {
      method,
      dispatcher: agent,
      // Over all of the call, the reply's last byte included.
      signal: AbortSignal.timeout(options.callTimeoutMs),
      headers: {
        authorization: `Bearer ${apiKey}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const retryAfter = response.headers['retry-after'];
    return {
      status: response.statusCode,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
      text: await response.body.text(),
    };
  }
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The words of a refusal, in the order in which the vendor's client looks for them; FastAPI's own are in `detail`. */
function wordsOf(body: JsonObject): string {
  for (const name of ['message', 'error', 'external_message', 'detail']) {
    const words = body[name];
    if (typeof words === 'string' && words !== '') return words;
    if (Array.isArray(words)) return words.map(complaint).join('; ');
  }
  return 'no words';
}

function complaint(each: unknown): string {
  if (!isRecord(each)) return String(each);
  const where = Array.isArray(each['loc']) ? each['loc'].join('.') : '';
  const what = typeof each['msg'] === 'string' ? each['msg'] : 'is not valid';
  return `${where}: ${what}`;
}
