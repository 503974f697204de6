import { describeClusterNode, listClusterNodes } from './cluster-nodes.ts';
import type { Operation } from './context.ts';
import { createCluster } from './create-cluster.ts';
import { deleteCluster } from './delete-cluster.ts';
import { describeCluster } from './describe-cluster.ts';
import { listClusters } from './list-clusters.ts';
import { addTags, listTags } from './tags.ts';

/** Every operation, by its name on the wire. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['CreateCluster', createCluster],
  ['DescribeCluster', describeCluster],
  ['ListClusters', listClusters],
  ['ListClusterNodes', listClusterNodes],
  ['DescribeClusterNode', describeClusterNode],
  ['DeleteCluster', deleteCluster],
  ['ListTags', listTags],
  ['AddTags', addTags],
]);
