import type { Fate, ProviderCase, Row } from '../kit/case.ts';
import { FAULT_NAMES, type FaultName } from '../kit/faults.ts';

const all = (fate: Fate): Row => Object.fromEntries(FAULT_NAMES.map((name) => [name, fate])) as Record<FaultName, Fate>;

/** A read on the way to a cluster: what passes is tried again, and what does not pass ends the life, cleanly. */
const READ: Row = {
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
  // One "not found" is no proof that nothing is there.
  'not found': 'ready',
  'in use': 'closed NameTaken',
  'in use, after the effect': 'closed NameTaken',
  conflict: 'ready',
};

/** A node's own description tells no more than its address, which a usable cluster may lack. */
const NODE: Row = { ...READ, 'access denied': 'ready' };

/** The create itself: a definite refusal of the only send is a refusal; all else is looked for, found or sent again. */
const CREATE: Row = {
  ...READ,
  validation: 'refused ProviderRejected',
  quota: 'refused QuotaExceeded',
  'access denied': 'refused Unauthorized',
  'unknown code': 'closed Unknown',
  'not found': 'refused ClusterFailed',
  'in use': 'ready',
  'in use, after the effect': 'ready',
};

/** A lease has nowhere to go on to: nothing is given up either. */
const LEASE = all('leased');

/** On the way out nothing is given up. */
const CLOSE = all('absent');

/**
 * The fate of a life that meets each fault at each call: `send` is a first create, `adopt` the look for a cluster whose
 * create had no answer, `wait` the looks until it is usable, `lease`
 * the looks at it while it is in use, `close` its end.
 */
export const ROWS: ProviderCase['rows'] = {
  send: { DescribeCluster: READ, CreateCluster: CREATE },
  adopt: { DescribeCluster: READ, ListTags: READ },
  wait: { DescribeCluster: READ, ListClusterNodes: READ, DescribeClusterNode: NODE },
  lease: { DescribeCluster: LEASE },
  close: { ListClusters: CLOSE, DescribeCluster: CLOSE, ListTags: CLOSE, DeleteCluster: CLOSE },
};
