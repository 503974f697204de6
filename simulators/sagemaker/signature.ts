import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from './errors.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SERVICE = 'sagemaker';

/** How far the signer's clock may be off; the same at the real service. */
const MAX_SKEW_MS = 5 * 60_000;

/** Headers that must be signed when they are sent: without this, a replay could change what the call does. */
const MUST_BE_SIGNED = ['host', 'x-amz-date', 'x-amz-target', 'x-amz-security-token'];

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
  'and signing method. Consult the service documentation for details.';

export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Set for temporary keys, which must then send it. */
  readonly sessionToken?: string | undefined;
}

/** The parts of a request that a signature covers. Header names are in lower case, repeated values joined by a comma. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
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

/** The region a request says it is for, true or not; undefined when it names none. For the journal. */
export function claimedRegion(headers: ReadonlyMap<string, string>): string | undefined {
  return /Credential=[^/,]+\/\d{8}\/([a-z0-9-]+)\//.exec(headers.get('authorization') ?? '')?.[1];
}

/**
 * Verifies a Signature Version 4 as the service does.
 * @param nowMs the real time, milliseconds since the epoch
 * @returns the region of the credential scope
 * @throws AwsError with the type that tells what is wrong
 */
export function verifySignature(request: SignedRequest, credential: Credential, nowMs: number): string {
  const authorization = parseAuthorization(request.headers.get('authorization'));
  const amzDate = request.headers.get('x-amz-date') ?? '';
  checkCredential(authorization, credential, request.headers.get('x-amz-security-token'));
  checkScope(authorization, amzDate);
  checkSkew(amzDate, nowMs);
  for (const name of MUST_BE_SIGNED) {
    if (request.headers.has(name) && !authorization.signedHeaders.includes(name)) {
      throw new AwsError('InvalidSignatureException', `'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
  }
  const expected = sign(request, authorization, credential.secretAccessKey, amzDate);
  if (!equal(expected, authorization.signature)) throw new AwsError('InvalidSignatureException', MISMATCH);
  return authorization.region;
}

function parseAuthorization(header: string | undefined): Authorization {
  if (header === undefined) throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  if (!header.startsWith(`${ALGORITHM} `)) {
    throw new AwsError(
      'IncompleteSignatureException',
      `Unsupported AWS 'algorithm' in Authorization: '${ALGORITHM}' is required.`,
    );
  }
  const part = (name: string): string => {
    const value = new RegExp(`[ ,]${name}=([^, ]+)`).exec(header)?.[1];
    if (value !== undefined) return value;
    throw new AwsError('IncompleteSignatureException', `Authorization header requires '${name}' parameter.`);
  };
  const [accessKeyId = '', day = '', region = '', service = '', terminator = ''] = part('Credential').split('/');
  const signedHeaders = part('SignedHeaders').split(';');
  return { accessKeyId, day, region, service, terminator, signedHeaders, signature: part('Signature') };
}

function checkCredential(authorization: Authorization, credential: Credential, token: string | undefined): void {
  if (authorization.accessKeyId !== credential.accessKeyId || token !== credential.sessionToken) {
    throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
}

function checkScope(authorization: Authorization, amzDate: string): void {
  const invalid = (message: string): AwsError => new AwsError('InvalidSignatureException', message);
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
    throw new AwsError('IncompleteSignatureException', "Date must be in ISO-8601 'basic format' in 'X-Amz-Date'.");
  }
  if (nowMs - signedAtMs > MAX_SKEW_MS) {
    const limit = basicIso(nowMs - MAX_SKEW_MS);
    throw new AwsError(
      'InvalidSignatureException',
      `Signature expired: ${amzDate} is now earlier than ${limit} (${basicIso(nowMs)} - 5 min.)`,
    );
  }
  if (signedAtMs - nowMs > MAX_SKEW_MS) {
    const limit = basicIso(nowMs + MAX_SKEW_MS);
    throw new AwsError(
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

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function basicIso(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
}
