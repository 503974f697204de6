import type { EndByFault, ExpectedEnd, ProviderCase } from '../kit/case.ts';
import { FAULT_NAMES, type FaultName } from '../kit/faults.ts';

const all = (expectedEnd: ExpectedEnd): EndByFault =>
  Object.fromEntries(FAULT_NAMES.map((name) => [name, expectedEnd])) as Record<FaultName, ExpectedEnd>;

/** A read before the cluster is ready: a passing fault is retried, and any other ends the creation cleanly. */
const READ: EndByFault = {
  'internal error before': 'ready',
  'internal error after': 'ready',
  'unavailable before': 'ready',
  'unavailable after': 'ready',
  throttle: 'ready',
  'throttle with a hint': 'ready',
  'hang before': 'ready',
  'hang after': 'ready',
  'reset before': 'ready',
  'reset after': 'ready',
  'late reset before': 'ready',
  'late reset after': 'ready',
  truncate: 'ready',
  'html before': 'ready',
  'html after': 'ready',
  empty: 'ready',
  'late effect': 'ready',
  'delay before': 'ready',
  'delay after': 'ready',
  'too long before': 'ready',
  'too long after': 'ready',
  duplicate: 'ready',
  validation: 'closed ProviderRejected',
  quota: 'closed QuotaExceeded',
  'access denied': 'closed Unauthorized',
  'unknown code': 'closed Unknown',
  // One "not found" does not prove that there is no cluster.
  'not found': 'ready',
  'in use': 'closed NameTaken',
  'in use, after the effect': 'closed NameTaken',
  conflict: 'ready',
};

/** A node's description is read only for its address, and a ready cluster may lack it. */
const NODE: EndByFault = { ...READ, 'access denied': 'ready' };

/** The create: a definite refusal of the only send is a refusal. After any other fault we search, adopt or send again. */
const CREATE: EndByFault = {
  ...READ,
  validation: 'refused ProviderRejected',
  quota: 'refused QuotaExceeded',
  'access denied': 'refused Unauthorized',
  'unknown code': 'closed Unknown',
  'not found': 'refused ClusterFailed',
  'in use': 'ready',
  'in use, after the effect': 'ready',
};

/** A lease has no other placement to go to, so nothing is given up. */
const LEASE = all('leased');

/** A closing creation gives nothing up. */
const CLOSE = all('absent');

/**
 * How a creation ends when one call of a stage meets a fault. The stages: `send` is a first create; `adopt` is the search
 * for a cluster whose create had no answer; `wait` is the checks until the cluster is ready;
 * `lease` is the steps of a leased cluster; `close` is its deletion.
 */
export const FAULT_TABLE: ProviderCase['faultTable'] = {
  send: { DescribeCluster: READ, CreateCluster: CREATE },
  adopt: { DescribeCluster: READ, ListTags: READ },
  wait: { DescribeCluster: READ, ListClusterNodes: READ, DescribeClusterNode: NODE },
  lease: { DescribeCluster: LEASE },
  close: { ListClusters: CLOSE, DescribeCluster: CLOSE, ListTags: CLOSE, DeleteCluster: CLOSE },
};
