import { Refusal } from '../core/refusal.ts';
import { authorizationPart, hmac, safeEqual, sha256, type SignedRequest } from '../core/signatures.ts';
import { queryOf } from './parameters.ts';

const ALGORITHM = 'ACS3-HMAC-SHA256';

/** How far the signer's clock may be off, by the documentation of InvalidTimeStamp.Expired. */
const MAX_SKEW_MS = 15 * 60_000;

/** Headers that must be signed when they are sent. Otherwise a replay could change what the call does. */
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
  /** Makes the keys temporary: callers must send this token. */
  readonly securityToken?: string | undefined;
}

/**
 * Verifies an ACS3-HMAC-SHA256 signature as the service does.
 * @param nowMs the real time, milliseconds since the epoch
 * @returns the request's nonce, which may be used once
 * @throws Refusal with the service's code for what is wrong
 */
export function verifySignature(request: SignedRequest, credential: Credential, nowMs: number): string {
  const { headers } = request;
  const authorization = parseAuthorization(headers.get('authorization'));
  const nonce = headers.get('x-acs-signature-nonce');
  if (nonce === undefined || nonce === '' || !headers.has('x-acs-content-sha256')) throw incomplete();
  if (authorization.accessKeyId !== credential.accessKeyId) {
    throw new Refusal('InvalidAccessKeyId.NotFound', 'Specified access key is not found.', 404);
  }
  checkSecurityToken(headers.get('x-acs-security-token'), credential.securityToken);
  checkSkew(headers.get('x-acs-date'), nowMs);
  const unsigned = MUST_BE_SIGNED.filter((name) => headers.has(name) && !authorization.signedHeaders.includes(name));
  if (unsigned.length > 0) throw incomplete();
  const expected = sign(request, authorization.signedHeaders, credential.accessKeySecret);
  if (!safeEqual(expected, authorization.signature)) {
    throw new Refusal('SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.');
  }
  return nonce;
}

function parseAuthorization(header: string | undefined) {
  if (header?.startsWith(`${ALGORITHM} `) !== true) throw incomplete();
  const part = (name: string): string => {
    const value = authorizationPart(header, name);
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
  if (given === undefined) throw new Refusal('MissingSecurityToken', 'SecurityToken is mandatory for this action.');
  throw new Refusal(
    'InvalidSecurityToken.MismatchWithAccessKey',
    'Specified SecurityToken mismatch with the AccessKey.',
  );
}

function checkSkew(date: string | undefined, nowMs: number): void {
  if (date === undefined) throw incomplete();
  const signedAtMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(signedAtMs)) {
    throw new Refusal('InvalidTimeStamp.Format', 'Specified time stamp or date value is not well formatted.');
  }
  if (Math.abs(nowMs - signedAtMs) > MAX_SKEW_MS) {
    throw new Refusal('InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
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
    // The digest of the body itself, and not the one in the header: the two could differ.
    sha256(request.body),
  ].join('\n');
  return hmac(secret, `${ALGORITHM}\n${sha256(canonical)}`).toString('hex');
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Percent-encoding by RFC 3986: letters, digits and `-._~` stay as they are. */
function encode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function incomplete(): Refusal {
  return new Refusal('IncompleteSignature', 'The request signature does not conform to Aliyun standards.');
}
