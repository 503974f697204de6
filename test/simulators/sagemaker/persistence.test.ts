import { DeleteClusterCommand, DescribeClusterCommand } from '@aws-sdk/client-sagemaker';
import { expect, it } from 'vitest';
import { PersistentFixture } from '../persistent-fixture.ts';
import { creation, LONG_MS, startFixture } from './harness.ts';

const persistent = new PersistentFixture((folder) => startFixture({}, { folder }));

it('creations and deletions go on after a restart, and limits still apply', async () => {
  const { ClusterArn: arn } = await persistent.fixture.client.send(creation('one'));
  await persistent.fixture.control.setCapacity({ instanceType: 'ml.p5.48xlarge', nodes: 2 });
  await persistent.restart();
  await persistent.fixture.control.advance(LONG_MS);
  const one = await persistent.fixture.client.send(new DescribeClusterCommand({ ClusterName: 'one' }));
  expect(one).toMatchObject({ ClusterArn: arn, ClusterStatus: 'InService' });

  await persistent.fixture.client.send(creation('two'));
  await persistent.fixture.client.send(new DeleteClusterCommand({ ClusterName: 'one' }));
  await persistent.fixture.control.advance(LONG_MS);
  await persistent.restart();
  expect((await persistent.fixture.control.clusters()).map((cluster) => cluster.status)).toEqual(['Gone', 'Failed']);
});
