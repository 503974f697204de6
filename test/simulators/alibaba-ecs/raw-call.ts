import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { RunningSimulators } from '../../../simulators/index.ts';

export interface RawCall {
  readonly action?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Sent as a form; the query stays empty. */
  readonly form?: Readonly<Record<string, string>>;
  /** Headers changed before they are signed; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Headers changed after they were signed. */
  readonly late?: Readonly<Record<string, string>>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Sends any call, signed by hand: for calls that the vendor's client would not send. */
function rawCall(
  { url, accessKeyId, accessKeySecret }: RunningSimulators['alibaba-ecs'],
  call: RawCall,
): Promise<Response> {
  const query = encoded(call.parameters ?? {});
  const body = encoded(call.form ?? {});
  const base: Record<string, string | undefined> = {
    'content-type': call.form === undefined ? undefined : 'application/x-www-form-urlencoded',
    host: new URL(url).host,
    'x-acs-action': call.action ?? 'DescribeHpcClusters',
    'x-acs-content-sha256': sha256(body),
    'x-acs-date': `${new Date().toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-version': '2014-05-26',
    ...call.headers,
  };
  const headers = Object.entries(base)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const names = headers.map(([name]) => name).join(';');
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonical = ['POST', '/', query, lines, names, base['x-acs-content-sha256'] ?? ''].join('\n');
  const toSign = `ACS3-HMAC-SHA256\n${sha256(canonical)}`;
  const signature = createHmac('sha256', accessKeySecret).update(toSign).digest('hex');
  const authorization = `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names},Signature=${signature}`;
  return fetch(query === '' ? url : `${url}/?${query}`, {
    method: 'POST',
    headers: { ...Object.fromEntries(headers), authorization, ...call.late },
    ...(body === '' ? {} : { body }),
  });
}

/** Sends such a call, and reads the reply's JSON. */
export async function jsonReply(simulator: RunningSimulators['alibaba-ecs'], call: RawCall) {
  const reply = await rawCall(simulator, call);
  return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Record<string, unknown> };
}

function encoded(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}
