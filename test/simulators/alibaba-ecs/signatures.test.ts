import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Nonces } from '../../../simulators/alibaba-ecs/nonces.ts';
import { verifySignature } from '../../../simulators/alibaba-ecs/signature.ts';
import { container, failureOf, REGION, startFixture, type Fixture } from './harness.ts';
import { jsonReply, type RawCall } from './raw-call.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const HERE = { RegionId: REGION };
const raw = (call: RawCall) => jsonReply(fixture.simulator, call);

describe('signatures', () => {
  // Recorded from @alicloud/openapi-core 1.0.8 and checked with a second implementation.
  const headers = new Map([
    ['host', '127.0.0.1:39101'],
    ['x-acs-action', 'CreateHpcCluster'],
    ['x-acs-content-sha256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['x-acs-credentials-provider', 'static_ak'],
    ['x-acs-date', '2026-11-21T02:20:59Z'],
    ['x-acs-signature-nonce', '163856db69384e7a40442650ac345d1c49d5ca415d96f6e3a65d7435b9c372f6'],
    ['x-acs-version', '2014-05-26'],
  ]);
  const signed = (names: string) =>
    `ACS3-HMAC-SHA256 Credential=LTAIexample,SignedHeaders=${names},` +
    'Signature=cc1536644fe98407418e4a4a2b095e3ea6121dae68760e094f57575d1e8e7100';
  const signedAtMs = Date.parse('2026-11-21T02:20:59Z');
  const verify = (own: { url?: string; body?: string; headers?: [string, string][]; nowMs?: number }) =>
    verifySignature(
      {
        method: 'POST',
        url: own.url ?? '/?ClientToken=tok-1&Description=res%20id%201&Name=res-demo-1&RegionId=cn-hangzhou',
        headers: new Map([
          ...headers,
          ['authorization', signed([...headers.keys()].join(';'))],
          ...(own.headers ?? []),
        ]),
        body: Buffer.from(own.body ?? ''),
      },
      { accessKeyId: 'LTAIexample', accessKeySecret: 'secretexample' },
      own.nowMs ?? signedAtMs,
    );

  it('accept the recorded request with its parameters in any order, and no other', () => {
    expect(verify({})).toBe(headers.get('x-acs-signature-nonce'));
    verify({ url: '/?RegionId=cn-hangzhou&Name=res-demo-1&Description=res+id+1&ClientToken=tok-1' });
    for (const other of [
      { url: '/?ClientToken=tok-2&Description=res%20id%201&Name=res-demo-1&RegionId=cn-hangzhou' },
      { body: 'Name=other' },
      { headers: [['x-acs-action', 'DeleteHpcCluster']] satisfies [string, string][] },
      { headers: [['host', '127.0.0.1:39102']] satisfies [string, string][] },
    ]) {
      expect(() => verify(other)).toThrow('Specified signature is not matched with our calculation.');
    }
  });

  it('must cover the headers that say what the call does', () => {
    expect(() => verify({ headers: [['authorization', signed('host;x-acs-date')]] })).toThrow(/does not conform/);
  });

  it('allow clocks to differ by fifteen minutes', () => {
    const limitMs = 15 * 60_000;
    verify({ nowMs: signedAtMs + limitMs });
    verify({ nowMs: signedAtMs - limitMs });
    expect(() => verify({ nowMs: signedAtMs + limitMs + 1 })).toThrow(/is expired/);
    expect(() => verify({ nowMs: signedAtMs - limitMs - 1 })).toThrow(/is expired/);
  });

  it.each<[string, RawCall, number, string]>([
    ['no signature', { late: { authorization: '' } }, 400, 'IncompleteSignature'],
    ['another way to sign', { late: { authorization: 'acs LTAI:abc' } }, 400, 'IncompleteSignature'],
    ['no nonce', { headers: { 'x-acs-signature-nonce': undefined } }, 400, 'IncompleteSignature'],
    ['no date', { headers: { 'x-acs-date': undefined } }, 400, 'IncompleteSignature'],
    ['a date in another form', { headers: { 'x-acs-date': '20261121T022059Z' } }, 400, 'InvalidTimeStamp.Format'],
    ['an old date', { headers: { 'x-acs-date': '2020-01-01T00:00:00Z' } }, 400, 'InvalidTimeStamp.Expired'],
    ['a changed header', { late: { 'x-acs-action': 'DescribeInstances' } }, 400, 'SignatureDoesNotMatch'],
    ['another version', { headers: { 'x-acs-version': '2019-05-06' } }, 400, 'InvalidVersion'],
    ['an unknown operation', { action: 'DescribeCoffee' }, 404, 'InvalidAction.NotFound'],
  ])('with %s get its code', async (_what, call, status, code) => {
    expect(await raw({ parameters: HERE, ...call })).toMatchObject({ status, body: { Code: code } });
  });

  it('have different errors for a wrong secret and an unknown key', async () => {
    const wrong = await failureOf(fixture.clientOf({ accessKeySecret: 'wrong' }).createHpcCluster(container('one')));
    expect(wrong).toMatchObject({ name: 'ClientError', code: 'SignatureDoesNotMatch', statusCode: 400 });
    const unknown = await failureOf(
      fixture.clientOf({ accessKeyId: 'LTAIunknown' }).createHpcCluster(container('one')),
    );
    expect(unknown).toMatchObject({ code: 'InvalidAccessKeyId.NotFound', statusCode: 404 });
  });

  it('of temporary keys need their token', async () => {
    const temporary = await startFixture({ securityToken: 'token-1' });
    await temporary.clientOf({ securityToken: 'token-1' }).createHpcCluster(container('one'));
    const without = await failureOf(temporary.client.createHpcCluster(container('one')));
    expect(without.code).toBe('MissingSecurityToken');
    const other = temporary.clientOf({ securityToken: 'token-2' }).createHpcCluster(container('one'));
    expect((await failureOf(other)).code).toBe('InvalidSecurityToken.MismatchWithAccessKey');
    await temporary.close();
  });

  it('are checked against the real time, not the simulated one', async () => {
    await fixture.control.advance(24 * 3_600_000);
    expect((await raw({ parameters: HERE })).status).toBe(200);
  });
});

describe('nonces', () => {
  it('can be used once, also by a call that is refused later', async () => {
    const call = { parameters: { RegionId: 'nowhere' }, headers: { 'x-acs-signature-nonce': 'nonce-1' } };
    expect((await raw(call)).body).toMatchObject({ Code: 'InvalidRegionId.NotFound' });
    expect(await raw(call)).toMatchObject({ status: 400, body: { Code: 'SignatureNonceUsed' } });
  });

  it('are not used up by a wrong signature', async () => {
    const call = { parameters: HERE, headers: { 'x-acs-signature-nonce': 'nonce-2' } };
    await raw({ ...call, late: { 'x-acs-version': '2014-05-26 ', 'x-acs-date': '2030-01-01T00:00:00Z' } });
    expect((await raw(call)).status).toBe(200);
  });

  it('are forgotten when no signature with them can be valid', () => {
    const nonces = new Nonces();
    nonces.use('a', 0);
    expect(() => {
      nonces.use('a', 30 * 60_000);
    }).toThrow('used already');
    nonces.use('a', 30 * 60_000 + 1);
  });
});
