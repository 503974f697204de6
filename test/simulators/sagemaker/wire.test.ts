import { CreateClusterCommand, ListClustersCommand, ListTrainingJobsCommand } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifySignature } from '../../../simulators/sagemaker/signature.ts';
import { rawCall } from './raw-call.ts';
import { creation, failureOf, ROLE, startBench, type Bench } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

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

  it('takes the recorded request, and nothing that differs from it', () => {
    expect(verify({})).toBe('us-west-2');
    expect(() => verify({ body: '{"ClusterName":"rc-demo-2"}' })).toThrow(/does not match the signature you provided/);
    expect(() => verify({ headers: [['host', '127.0.0.1:39102']] })).toThrow(/does not match/);
    expect(() => verify({ headers: [['x-amz-target', 'SageMaker.DeleteCluster']] })).toThrow(/does not match/);
  });

  it('wants the headers signed that say what the call does', () => {
    const unsigned: [string, string][] = [['authorization', signed('host;x-amz-date', '00')]];
    expect(() => verify({ headers: unsigned })).toThrow("'x-amz-target' must be a 'SignedHeader'");
  });

  it('allows clocks five minutes apart and no more', () => {
    const limitMs = 5 * 60_000;
    expect(verify({ nowMs: signedAtMs + limitMs })).toBe('us-west-2');
    expect(() => verify({ nowMs: signedAtMs + limitMs + 1_000 })).toThrow(/^Signature expired: 20261121T020735Z/);
    expect(() => verify({ nowMs: signedAtMs - limitMs - 1_000 })).toThrow(/^Signature not yet current/);
  });

  it('tells a wrong secret from an unknown key and from no signature', async () => {
    const call = new ListClustersCommand({});
    const wrongSecret = bench.clientOf({ secretAccessKey: 'wrong' }).send(call);
    expect(await failureOf(wrongSecret)).toMatchObject({ name: 'InvalidSignatureException', status: 400 });
    const unknownKey = bench.clientOf({ accessKeyId: 'AKIAUNKNOWN' }).send(call);
    expect(await failureOf(unknownKey)).toMatchObject({ name: 'UnrecognizedClientException' });
    const bare = await fetch(bench.url, { method: 'POST', headers: { 'x-amz-target': 'SageMaker.ListClusters' } });
    expect(bare.status).toBe(400);
    expect(await bare.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
    expect(bare.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('does not take the simulated time for the caller’s', async () => {
    await bench.control.advance(24 * 3_600_000);
    await bench.client.send(new ListClustersCommand({}));
  });
});

describe('requests that make no sense', () => {
  const messageOf = async (input: Record<string, unknown>) =>
    failureOf(bench.client.send(new CreateClusterCommand(input as never)));

  it('answers an operation it does not know', async () => {
    const unknown = bench.client.send(new ListTrainingJobsCommand({}));
    expect(await failureOf(unknown)).toMatchObject({ name: 'UnknownOperationException', status: 400 });
  });

  it.each([
    ['half of a JSON text', '{"ClusterName":"o'],
    ['a JSON value that is no object', '["one"]'],
    ['a member of a wrong type', '{"ClusterName":"one","InstanceGroups":"many"}'],
    ['a fraction for a whole number', '{"ClusterName":"one","InstanceGroups":[{"InstanceCount":1.5}]}'],
  ])('answers SerializationException to %s', async (_what, body) => {
    const reply = await rawCall(bench.simulators.sagemaker, 'CreateCluster', body);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ __type: 'SerializationException' });
  });

  it('gives dates as numbers of seconds, and takes null for absent', async () => {
    await bench.control.seedCluster({ region: 'us-west-2', name: 'dated' });
    const reply = await rawCall(bench.simulators.sagemaker, 'ListClusters', '{"NameContains":null}');
    expect(reply.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    const body = (await reply.json()) as { ClusterSummaries: { CreationTime: number }[] };
    const createdAtMs = (body.ClusterSummaries[0]?.CreationTime ?? 0) * 1_000;
    expect(Math.abs(createdAtMs - (await bench.control.nowMs()))).toBeLessThan(60_000);
  });

  it('words a broken rule as the service does', async () => {
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
    const page = bench.client.send(new ListClustersCommand({ MaxResults: 101 }));
    expect((await failureOf(page)).message).toContain(
      "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
    );
  });

  it('refuses what no single member shows', async () => {
    const twice = [{ InstanceGroupName: 'g', InstanceCount: 1, ExecutionRole: ROLE }];
    expect((await messageOf({ ClusterName: 'n', InstanceGroups: twice })).message).toContain('InstanceRequirements');
    const reserved = { ...creation('n').input, Tags: [{ Key: 'aws:x', Value: '' }] };
    expect((await messageOf(reserved)).message).toContain('aws: prefixed tag key');
    const continuous = { ...creation('n').input, NodeProvisioningMode: 'Continuous' };
    expect((await messageOf(continuous)).name).toBe('ValidationException');
  });
});
