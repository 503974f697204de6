import { modifyInstanceAutoReleaseTime } from './auto-release.ts';
import type { Operation } from './context.ts';
import { createHpcCluster } from './create-hpc-cluster.ts';
import { deleteHpcCluster } from './delete-hpc-cluster.ts';
import { deleteInstances } from './delete-instances.ts';
import { describeHpcClusters } from './describe-hpc-clusters.ts';
import { describeInstanceStatus } from './describe-instance-status.ts';
import { describeInstances } from './describe-instances.ts';
import { describePrice } from './describe-price.ts';
import { modifyHpcCluster } from './modify-hpc-cluster.ts';
import { runInstances } from './run-instances.ts';
import { listTagResources, tagResources } from './tags.ts';
import { withClientToken } from './client-tokens.ts';

/** The operations that accept a ClientToken. */
const TOKEN_OPERATIONS: readonly [string, Operation][] = [
  ['CreateHpcCluster', createHpcCluster],
  ['ModifyHpcClusterAttribute', modifyHpcCluster],
  ['DeleteHpcCluster', deleteHpcCluster],
  ['RunInstances', runInstances],
  ['DeleteInstances', deleteInstances],
];

/** Every operation, by its name on the wire. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ...TOKEN_OPERATIONS.map(([name, operation]) => [name, withClientToken(name, operation)] as const),
  ['DescribeHpcClusters', describeHpcClusters],
  ['DescribeInstances', describeInstances],
  ['DescribeInstanceStatus', describeInstanceStatus],
  ['DescribePrice', describePrice],
  ['ModifyInstanceAutoReleaseTime', modifyInstanceAutoReleaseTime],
  ['TagResources', tagResources],
  ['ListTagResources', listTagResources],
]);
