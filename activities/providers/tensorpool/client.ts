import { Agent, request } from 'undici';
import { isRecord, type JsonObject } from './replies.ts';
import { ambiguous, replyError, sendingError, type Call } from './errors.ts';

/** The vendor's own address. */
const ENDPOINT = 'https://engine.tensorpool.dev';

/** Time to connect, ms (policy). Without a connection nothing was sent. */
const CONNECT_TIMEOUT_MS = 3_000;

/** Largest reply, bytes (policy): a listing has no pages, and takes about 300 bytes for each node. */
const MAX_REPLY_BYTES = 64 * 1024 * 1024;

/** What the adapter needs to reach the service. */
export interface TensorPoolOptions {
  /** Replaces the real endpoint, for simulators and proxies. */
  readonly endpoint?: string | undefined;
  /** The account's key. Without one every call fails as unauthorized and is not sent. */
  readonly apiKey?: string | undefined;
  /** Longest HTTP call, ms. */
  readonly callTimeoutMs: number;
}

export interface TensorPoolClient {
  /**
   * Makes one HTTP request, which ends in bounded time. It follows no redirect, so that the key goes nowhere else.
   * @returns the body of a 2xx
   * @throws ProviderError for everything else
   */
  call(name: Call, method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<JsonObject>;
  readonly apiKey: string;
  close(): void;
}

export function tensorpoolClient(options: TensorPoolOptions): TensorPoolClient {
  const base = (options.endpoint ?? ENDPOINT).replace(/\/+$/, '');
  const apiKey = options.apiKey?.trim() ?? '';
  const agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS }, maxResponseSize: MAX_REPLY_BYTES });
  const redact = (text: string): string => (apiKey === '' ? text : text.replaceAll(apiKey, '[key]'));

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
        if (parsed === undefined) throw ambiguous(name, 'NotJson', `the body of a ${status} is not a JSON object`);
        return parsed;
      }
      throw replyError(name, status, parsed === undefined ? undefined : redact(messageOf(parsed)), retryAfter);
    },
    close: () => {
      void agent.destroy();
    },
  };

  async function send(method: 'GET' | 'POST' | 'DELETE', path: string, body: unknown) {
    const response = await request(base + path, {
      method,
      dispatcher: agent,
      // Covers the whole call, up to the reply's last byte.
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

/** The message of a refusal, from the fields that the vendor's client reads, in its order. FastAPI's own is in `detail`. */
function messageOf(body: JsonObject): string {
  for (const name of ['message', 'error', 'external_message', 'detail']) {
    const words = body[name];
    if (typeof words === 'string' && words !== '') return words;
    if (Array.isArray(words)) return words.map(validationMessage).join('; ');
  }
  return 'no message';
}

function validationMessage(each: unknown): string {
  if (!isRecord(each)) return String(each);
  const where = Array.isArray(each['loc']) ? each['loc'].join('.') : '';
  const what = typeof each['msg'] === 'string' ? each['msg'] : 'is not valid';
  return `${where}: ${what}`;
}
