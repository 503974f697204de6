import { CreateClusterCommand, ListClustersCommand, ListTrainingJobsCommand } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifySignature } from '../../../simulators/sagemaker/signature.ts';
import { rawCall } from './raw-call.ts';
import { creation, failureOf, ROLE, startFixture, type Fixture } from './harness.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

describe('signatures', () => {
  // Recorded from the AWS SDK for JavaScript 3.1141.0 and checked with a second implementation.
  const headers = new Map([
    ['amz-sdk-invocation-id', 'd49566a5-9d30-4f6c-94b5-1d14445e1d98'],
    ['amz-sdk-request', 'attempt=1; max=1'],
    ['content-length', '27'],
    ['content-type', 'application/x-amz-json-1.1'],
    ['host', '127.0.0.1:39101'],
    ['x-amz-content-sha256', '309ccd1e605926e2f0401df92ab81eadf1058578aa4e557a1dc88d5077d49636'],
    ['x-amz-date', '20261121T020735Z'],
    ['x-amz-target', 'SageMaker.DescribeCluster'],
    ['x-amz-user-agent', 'aws-sdk-js/3.1141.0'],
  ]);
  const signed = (names: string, signature: string) =>
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-west-2/sagemaker/aws4_request, SignedHeaders=${names}, Signature=${signature}`;
  const authorization = signed(
    [...headers.keys()].join(';'),
    '8a356ea93362865958cef0f2213029d1986e338d633ea7ff2b2cbb2fa9f34c12',
  );
  const signedAtMs = Date.parse('2026-11-21T02:07:35Z');
  const verify = (own: { body?: string; headers?: [string, string][]; nowMs?: number }) =>
    verifySignature(
      {
        method: 'POST',
        url: '/',
        headers: new Map([...headers, ['authorization', authorization], ...(own.headers ?? [])]),
        body: Buffer.from(own.body ?? '{"ClusterName":"rc-demo-1"}'),
      },
      { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secretexample' },
      own.nowMs ?? signedAtMs,
    );

  it('accepts the recorded request, and no other', () => {
    expect(verify({})).toBe('us-west-2');
    expect(() => verify({ body: '{"ClusterName":"rc-demo-2"}' })).toThrow(/does not match the signature you provided/);
    expect(() => verify({ headers: [['host', '127.0.0.1:39102']] })).toThrow(/does not match/);
    expect(() => verify({ headers: [['x-amz-target', 'SageMaker.DeleteCluster']] })).toThrow(/does not match/);
  });

  it('requires a signature over the headers that say what the call does', () => {
    const unsigned: [string, string][] = [['authorization', signed('host;x-amz-date', '00')]];
    expect(() => verify({ headers: unsigned })).toThrow("'x-amz-target' must be a 'SignedHeader'");
  });

  it('allows clocks to differ by five minutes', () => {
    const limitMs = 5 * 60_000;
    expect(verify({ nowMs: signedAtMs + limitMs })).toBe('us-west-2');
    expect(() => verify({ nowMs: signedAtMs + limitMs + 1_000 })).toThrow(/^Signature expired: 20261121T020735Z/);
    expect(() => verify({ nowMs: signedAtMs - limitMs - 1_000 })).toThrow(/^Signature not yet current/);
  });

  it('has different errors for a wrong secret, an unknown key and no signature', async () => {
    const call = new ListClustersCommand({});
    const wrongSecret = fixture.clientOf({ secretAccessKey: 'wrong' }).send(call);
    expect(await failureOf(wrongSecret)).toMatchObject({ name: 'InvalidSignatureException', status: 400 });
    const unknownKey = fixture.clientOf({ accessKeyId: 'AKIAUNKNOWN' }).send(call);
    expect(await failureOf(unknownKey)).toMatchObject({ name: 'UnrecognizedClientException' });
    const bare = await fetch(fixture.simulator.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'SageMaker.ListClusters' },
    });
    expect(bare.status).toBe(400);
    expect(await bare.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
    expect(bare.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('are checked against the real time, not the simulated one', async () => {
    await fixture.control.advance(24 * 3_600_000);
    await fixture.client.send(new ListClustersCommand({}));
  });
});

describe('a call', () => {
  const messageOf = async (input: Record<string, unknown>) =>
    failureOf(fixture.client.send(new CreateClusterCommand(input as never)));

  it('is refused for an unknown operation', async () => {
    const unknown = fixture.client.send(new ListTrainingJobsCommand({}));
    expect(await failureOf(unknown)).toMatchObject({ name: 'UnknownOperationException', status: 400 });
  });

  it.each([
    ['half of a JSON text', '{"ClusterName":"o'],
    ['a JSON value that is not an object', '["one"]'],
    ['a member of a wrong type', '{"ClusterName":"one","InstanceGroups":"many"}'],
    ['a fraction instead of a whole number', '{"ClusterName":"one","InstanceGroups":[{"InstanceCount":1.5}]}'],
  ])('with %s gets a SerializationException', async (_what, body) => {
    const reply = await rawCall(fixture.simulator, 'CreateCluster', body);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ __type: 'SerializationException' });
  });

  it('may have null for an absent member; its reply has dates as numbers of seconds', async () => {
    await fixture.control.seedCluster({ region: 'us-west-2', name: 'dated' });
    const reply = await rawCall(fixture.simulator, 'ListClusters', '{"NameContains":null}');
    expect(reply.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    const body = (await reply.json()) as { ClusterSummaries: { CreationTime: number }[] };
    const createdAtMs = (body.ClusterSummaries[0]?.CreationTime ?? 0) * 1_000;
    expect(Math.abs(createdAtMs - (await fixture.control.nowMs()))).toBeLessThan(60_000);
  });

  it('gets the service’s message about a broken constraint', async () => {
    expect(await messageOf({ ...creation('bad_name').input })).toMatchObject({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value 'bad_name' at 'clusterName' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9])*',
    });
    expect((await messageOf({})).message).toBe(
      "1 validation error detected: Value null at 'clusterName' failed to satisfy constraint: Member must not be null",
    );
    const groups = [{ InstanceGroupName: 'g', InstanceCount: 6759, InstanceType: 'ml.x.large', ExecutionRole: ROLE }];
    const { message } = await messageOf({ ClusterName: 'n', InstanceGroups: groups });
    expect(message).toMatch(/^2 validation errors detected: /);
    expect(message).toContain(
      "Value '6759' at 'instanceGroups.1.member.instanceCount' failed to satisfy constraint: " +
        'Member must have value less than or equal to 6758',
    );
    expect(message).toContain('Member must satisfy enum value set: [ml.p4d.24xlarge,');
    const page = fixture.client.send(new ListClustersCommand({ MaxResults: 101 }));
    expect((await failureOf(page)).message).toContain(
      "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
    );
  });

  it('is refused for rules between several members', async () => {
    const twice = [{ InstanceGroupName: 'g', InstanceCount: 1, ExecutionRole: ROLE }];
    expect((await messageOf({ ClusterName: 'n', InstanceGroups: twice })).message).toContain('InstanceRequirements');
    const reserved = { ...creation('n').input, Tags: [{ Key: 'aws:x', Value: '' }] };
    expect((await messageOf(reserved)).message).toContain('aws: prefixed tag key');
    const continuous = { ...creation('n').input, NodeProvisioningMode: 'Continuous' };
    expect((await messageOf(continuous)).name).toBe('ValidationException');
  });
});
