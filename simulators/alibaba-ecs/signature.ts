import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { EcsError } from './errors.ts';
import { queryOf } from './parameters.ts';

const ALGORITHM = 'ACS3-HMAC-SHA256';

/** How far the signer's clock may be off; the service's documentation of InvalidTimeStamp.Expired. */
const MAX_SKEW_MS = 15 * 60_000;

/** Headers that must be signed when they are sent: without this, a replay could change what the call does. */
const MUST_BE_SIGNED = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
  'x-acs-security-token',
];

export interface Credential {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Set for temporary keys, which must then send it. */
  readonly securityToken?: string | undefined;
}

/** The parts of a request that a signature covers. Header names are in lower case, repeated values joined by a comma. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/**
 * Verifies an ACS3-HMAC-SHA256 signature as the service does.
 * @param nowMs the real time, milliseconds since the epoch
 * @returns the request's nonce, which may be used once
 * @throws EcsError with the code that tells what is wrong
 */
export function verifySignature(request: SignedRequest, credential: Credential, nowMs: number): string {
  const { headers } = request;
  const authorization = parseAuthorization(headers.get('authorization'));
  const nonce = headers.get('x-acs-signature-nonce');
  if (nonce === undefined || nonce === '' || !headers.has('x-acs-content-sha256')) throw incomplete();
  if (authorization.accessKeyId !== credential.accessKeyId) {
    throw new EcsError('InvalidAccessKeyId.NotFound', 'Specified access key is not found.', 404);
  }
  checkSecurityToken(headers.get('x-acs-security-token'), credential.securityToken);
  checkSkew(headers.get('x-acs-date'), nowMs);
  const unsigned = MUST_BE_SIGNED.filter((name) => headers.has(name) && !authorization.signedHeaders.includes(name));
  if (unsigned.length > 0) throw incomplete();
  const expected = sign(request, authorization.signedHeaders, credential.accessKeySecret);
  if (!equal(expected, authorization.signature)) {
    throw new EcsError('SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.');
  }
  return nonce;
}

function parseAuthorization(header: string | undefined) {
  if (header?.startsWith(`${ALGORITHM} `) !== true) throw incomplete();
  const part = (name: string): string => {
    const value = new RegExp(`[ ,]${name}=([^, ]+)`).exec(header)?.[1];
    if (value === undefined) throw incomplete();
    return value;
  };
  return {
    accessKeyId: part('Credential'),
    signedHeaders: part('SignedHeaders').split(';'),
    signature: part('Signature'),
  };
}

function checkSecurityToken(given: string | undefined, wanted: string | undefined): void {
  if (given === wanted) return;
  if (given === undefined) throw new EcsError('MissingSecurityToken', 'SecurityToken is mandatory for this action.');
  throw new EcsError(
    'InvalidSecurityToken.MismatchWithAccessKey',
    'Specified SecurityToken mismatch with the AccessKey.',
  );
}

function checkSkew(date: string | undefined, nowMs: number): void {
  if (date === undefined) throw incomplete();
  const signedAtMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(signedAtMs)) {
    throw new EcsError('InvalidTimeStamp.Format', 'Specified time stamp or date value is not well formatted.');
  }
  if (Math.abs(nowMs - signedAtMs) > MAX_SKEW_MS) {
    throw new EcsError('InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
  }
}

function sign(request: SignedRequest, signedHeaders: readonly string[], secret: string): string {
  const [path = '/'] = request.url.split('?', 1);
  const canonical = [
    request.method,
    path,
    canonicalQuery(queryOf(request.url)),
    ...signedHeaders.map((name) => `${name}:${(request.headers.get(name) ?? '').trim()}`),
    '',
    signedHeaders.join(';'),
    // Of the body itself: a header that tells another one would be signed by mistake or by malice.
    sha256(request.body),
  ].join('\n');
  return createHmac('sha256', secret)
    .update(`${ALGORITHM}\n${sha256(canonical)}`)
    .digest('hex');
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** RFC 3986: all but letters, digits and `-._~` in percent. */
function encode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function incomplete(): EcsError {
  return new EcsError('IncompleteSignature', 'The request signature does not conform to Aliyun standards.');
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
