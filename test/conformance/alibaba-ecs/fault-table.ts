import type { EndByFault, ExpectedEnd, ProviderCase } from '../kit/case.ts';
import { FAULT_NAMES, type FaultName } from '../kit/faults.ts';

const all = (expectedEnd: ExpectedEnd): EndByFault =>
  Object.fromEntries(FAULT_NAMES.map((name) => [name, expectedEnd])) as Record<FaultName, ExpectedEnd>;

/** A read before the cluster is ready: a passing fault is retried, and any other ends the creation cleanly. */
const READ: EndByFault = {
  ...all('ready'),
  validation: 'closed ProviderRejected',
  quota: 'closed QuotaExceeded',
  'access denied': 'closed Unauthorized',
  'unknown code': 'closed Unknown',
};

/** The first call of a create: a definite refusal of the only send is a refusal. After any other fault we search or send again. */
const CREATE: EndByFault = {
  ...READ,
  validation: 'refused ProviderRejected',
  quota: 'refused QuotaExceeded',
  'access denied': 'refused Unauthorized',
  'not found': 'refused ClusterFailed',
};

/** A later call: a passing fault is retried at once, and a refusal leaves a container that is made absent. */
const RUN: EndByFault = { ...READ, 'not found': 'closed ClusterFailed' };

/** A lease has no other placement to go to, so nothing is given up. */
const LEASE = all('leased');

/** A closing creation gives nothing up. */
const CLOSE = all('absent');

/**
 * How a creation ends when one call of a stage meets a fault. The stages: `send` is a first create; `adopt` is the search
 * for a cluster whose create had no answer, and completes a partial one; `wait` is the checks until the cluster is ready;
 * `lease` is the steps of a leased cluster; `close` is its deletion.
 */
export const FAULT_TABLE: ProviderCase['faultTable'] = {
  send: { DescribeHpcClusters: READ, CreateHpcCluster: CREATE, RunInstances: RUN },
  adopt: { DescribeHpcClusters: READ, DescribeInstances: READ, RunInstances: RUN },
  wait: { DescribeHpcClusters: READ, DescribeInstances: READ },
  lease: { DescribeHpcClusters: LEASE, DescribeInstances: LEASE, ModifyInstanceAutoReleaseTime: LEASE },
  close: { DescribeHpcClusters: CLOSE, DescribeInstances: CLOSE, DeleteInstances: CLOSE, DeleteHpcCluster: CLOSE },
};

/** The same for instance sets. */
export const FAULT_TABLE_WITHOUT_CONTAINER: ProviderCase['faultTable'] = {
  send: { DescribeInstances: READ, RunInstances: CREATE },
  adopt: { DescribeInstances: READ },
  wait: { DescribeInstances: READ },
  lease: { DescribeInstances: LEASE, ModifyInstanceAutoReleaseTime: LEASE },
  close: { DescribeHpcClusters: CLOSE, DescribeInstances: CLOSE, DeleteInstances: CLOSE },
};
