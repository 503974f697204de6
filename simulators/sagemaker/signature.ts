import { Refusal } from '../core/refusal.ts';
import { authorizationPart, hmac, safeEqual, sha256, type SignedRequest } from '../core/signatures.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SERVICE = 'sagemaker';

/** How far the signer's clock may be off, as at the real service. */
const MAX_SKEW_MS = 5 * 60_000;

/** Headers that must be signed when they are sent. Otherwise a replay could change what the call does. */
const MUST_BE_SIGNED = ['host', 'x-amz-date', 'x-amz-target', 'x-amz-security-token'];

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
  'and signing method. Consult the service documentation for details.';

export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Makes the keys temporary: callers must send this token. */
  readonly sessionToken?: string | undefined;
}

interface Authorization {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** The region that a request names, before its signature is checked; undefined when it names none. For the journal. */
export function claimedRegion(headers: ReadonlyMap<string, string>): string | undefined {
  return /Credential=[^/,]+\/\d{8}\/([a-z0-9-]+)\//.exec(headers.get('authorization') ?? '')?.[1];
}

/**
 * Verifies a Signature Version 4 as the service does.
 * @param nowMs the real time, milliseconds since the epoch
 * @returns the region that the signature is for
 * @throws Refusal with the service's type for what is wrong
 */
export function verifySignature(request: SignedRequest, credential: Credential, nowMs: number): string {
  const authorization = parseAuthorization(request.headers.get('authorization'));
  const amzDate = request.headers.get('x-amz-date') ?? '';
  checkCredential(authorization, credential, request.headers.get('x-amz-security-token'));
  checkScope(authorization, amzDate);
  checkSkew(amzDate, nowMs);
  for (const name of MUST_BE_SIGNED) {
    if (request.headers.has(name) && !authorization.signedHeaders.includes(name)) {
      throw new Refusal('InvalidSignatureException', `'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
  }
  const expected = sign(request, authorization, credential.secretAccessKey, amzDate);
  if (!safeEqual(expected, authorization.signature)) throw new Refusal('InvalidSignatureException', MISMATCH);
  return authorization.region;
}

function parseAuthorization(header: string | undefined): Authorization {
  if (header === undefined) throw new Refusal('MissingAuthenticationTokenException', 'Missing Authentication Token');
  if (!header.startsWith(`${ALGORITHM} `)) {
    throw new Refusal(
      'IncompleteSignatureException',
      `Unsupported AWS 'algorithm' in Authorization: '${ALGORITHM}' is required.`,
    );
  }
  const part = (name: string): string => {
    const value = authorizationPart(header, name);
    if (value !== undefined) return value;
    throw new Refusal('IncompleteSignatureException', `Authorization header requires '${name}' parameter.`);
  };
  const [accessKeyId = '', day = '', region = '', service = '', terminator = ''] = part('Credential').split('/');
  const signedHeaders = part('SignedHeaders').split(';');
  return { accessKeyId, day, region, service, terminator, signedHeaders, signature: part('Signature') };
}

function checkCredential(authorization: Authorization, credential: Credential, token: string | undefined): void {
  if (authorization.accessKeyId !== credential.accessKeyId || token !== credential.sessionToken) {
    throw new Refusal('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
}

function checkScope(authorization: Authorization, amzDate: string): void {
  const invalid = (message: string): Refusal => new Refusal('InvalidSignatureException', message);
  if (authorization.service !== SERVICE) throw invalid(`Credential should be scoped to correct service: '${SERVICE}'.`);
  if (authorization.terminator !== 'aws4_request') {
    throw invalid("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(authorization.region))
    throw invalid('Credential should be scoped to a valid region.');
  if (!amzDate.startsWith(authorization.day)) {
    throw invalid('Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.');
  }
}

function checkSkew(amzDate: string, nowMs: number): void {
  const iso = amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const signedAtMs = Date.parse(iso);
  if (Number.isNaN(signedAtMs)) {
    throw new Refusal('IncompleteSignatureException', "Date must be in ISO-8601 'basic format' in 'X-Amz-Date'.");
  }
  if (nowMs - signedAtMs > MAX_SKEW_MS) {
    const limit = basicIso(nowMs - MAX_SKEW_MS);
    throw new Refusal(
      'InvalidSignatureException',
      `Signature expired: ${amzDate} is now earlier than ${limit} (${basicIso(nowMs)} - 5 min.)`,
    );
  }
  if (signedAtMs - nowMs > MAX_SKEW_MS) {
    const limit = basicIso(nowMs + MAX_SKEW_MS);
    throw new Refusal(
      'InvalidSignatureException',
      `Signature not yet current: ${amzDate} is still later than ${limit} (${basicIso(nowMs)} + 5 min.)`,
    );
  }
}

function sign(request: SignedRequest, authorization: Authorization, secret: string, amzDate: string): string {
  const { day, region, service, terminator, signedHeaders } = authorization;
  const [path = '/', query = ''] = request.url.split('?', 2);
  const canonical = [
    request.method,
    path,
    query.split('&').sort().join('&'),
    ...signedHeaders.map((name) => `${name}:${(request.headers.get(name) ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const toSign = [ALGORITHM, amzDate, [day, region, service, terminator].join('/'), sha256(canonical)].join('\n');
  const key = [day, region, service, terminator].reduce<string | Buffer>(
    (parent, text) => hmac(parent, text),
    `AWS4${secret}`,
  );
  return hmac(key, toSign).toString('hex');
}

function basicIso(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
}
