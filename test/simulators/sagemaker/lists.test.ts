import {
  DescribeClusterCommand,
  ListClusterNodesCommand,
  ListClustersCommand,
  ListTagsCommand,
  paginateListClusters,
  type ListClustersCommandInput,
} from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { creation, failureOf, LONG_MS, ROLE, startFixture, type Fixture } from './harness.ts';

const GET_LAG_MS = 1_000;
const LIST_LAG_MS = 5_000;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

const list = (input: ListClustersCommandInput) => fixture.client.send(new ListClustersCommand(input));
const namesOf = async (input: ListClustersCommandInput) =>
  (await list(input)).ClusterSummaries?.map((cluster) => cluster.ClusterName);

async function seed(...names: string[]): Promise<void> {
  for (const name of names) {
    await fixture.control.advance(1_000);
    await fixture.control.seedCluster({ region: 'us-west-2', name });
  }
}

it('bounds the clusters that are examined, so that short and empty pages are not the last', async () => {
  await seed('other-1', 'other-2', 'mine-1', 'other-3', 'mine-2');
  const pages: (string | undefined)[][] = [];
  const config = { client: fixture.client, pageSize: 2 };
  for await (const page of paginateListClusters(config, { NameContains: 'mine-' })) {
    pages.push(page.ClusterSummaries?.map((cluster) => cluster.ClusterName) ?? []);
  }
  expect(pages).toEqual([[], ['mine-1'], ['mine-2']]);
});

it('neither repeats nor omits clusters when one vanishes between two pages', async () => {
  await seed('a', 'b', 'c', 'd');
  const first = await list({ MaxResults: 2 });
  await fixture.control.vanish({ region: 'us-west-2', name: 'a' });
  const input = first.NextToken === undefined ? {} : { NextToken: first.NextToken };
  expect(await namesOf({ MaxResults: 2, ...input })).toEqual(['c', 'd']);
});

it('sorts and filters', async () => {
  await seed('b', 'c', 'a');
  expect(await namesOf({})).toEqual(['b', 'c', 'a']);
  expect(await namesOf({ SortOrder: 'Descending' })).toEqual(['a', 'c', 'b']);
  expect(await namesOf({ SortBy: 'NAME' })).toEqual(['a', 'b', 'c']);
  const times = (await list({})).ClusterSummaries?.map((cluster) => cluster.CreationTime) ?? [];
  expect(await namesOf({ CreationTimeAfter: times[0] })).toEqual(['c', 'a']);
  expect(await namesOf({ CreationTimeBefore: times[1] })).toEqual(['b']);
});

it('refuses a token of another query', async () => {
  await seed('a', 'b');
  const { NextToken } = await list({ MaxResults: 1 });
  expect(await failureOf(list({ MaxResults: 1, NextToken, SortBy: 'NAME' }))).toMatchObject({
    name: 'ValidationException',
  });
  expect(await failureOf(list({ NextToken: 'nonsense' }))).toMatchObject({ name: 'ValidationException' });
});

it('shows a new cluster after a lag, which is longer in lists than by name', async () => {
  await fixture.close();
  fixture = await startFixture({ durations: { getLagMs: GET_LAG_MS, listLagMs: LIST_LAG_MS } });
  const { ClusterArn: arn = '' } = await fixture.client.send(creation('late'));
  const get = () => fixture.client.send(new DescribeClusterCommand({ ClusterName: 'late' }));
  expect(await failureOf(get())).toMatchObject({ name: 'ResourceNotFound' });
  expect((await failureOf(fixture.client.send(new ListTagsCommand({ ResourceArn: arn })))).name).toBe(
    'ValidationException',
  );
  expect(await failureOf(fixture.client.send(creation('late')))).toMatchObject({ name: 'ResourceInUse' });

  await fixture.control.advance(GET_LAG_MS);
  expect((await get()).ClusterArn).toBe(arn);
  expect(await namesOf({})).toEqual([]);
  await fixture.control.advance(LIST_LAG_MS);
  expect(await namesOf({})).toEqual(['late']);
});

it('lists nodes in pages, filtered by group', async () => {
  const group = (name: string, count: number) => ({
    InstanceGroupName: name,
    InstanceType: 'ml.g5.xlarge' as const,
    InstanceCount: count,
    ExecutionRole: ROLE,
  });
  await fixture.client.send(creation('big', { InstanceGroups: [group('workers', 23), group('head', 1)] }));
  const nodes = async (own: { NextToken?: string; IncludeNodeLogicalIds?: boolean }) =>
    fixture.client.send(
      new ListClusterNodesCommand({ ClusterName: 'big', InstanceGroupNameContains: 'work', MaxResults: 20, ...own }),
    );
  expect((await nodes({})).ClusterNodeSummaries).toEqual([]);
  expect((await nodes({ IncludeNodeLogicalIds: true })).ClusterNodeSummaries?.[0]?.InstanceId).toBeUndefined();
  await fixture.control.advance(LONG_MS);
  const first = await nodes({});
  const second = await nodes(first.NextToken === undefined ? {} : { NextToken: first.NextToken });
  const ids = [...(first.ClusterNodeSummaries ?? []), ...(second.ClusterNodeSummaries ?? [])].map((n) => n.InstanceId);
  expect(new Set(ids).size).toBe(23);
  expect(second.NextToken).toBeUndefined();
});
