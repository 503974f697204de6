import type { Fate, ProviderCase, Row } from '../kit/case.ts';
import { FAULT_NAMES, type FaultName } from '../kit/faults.ts';

const all = (fate: Fate): Row => Object.fromEntries(FAULT_NAMES.map((name) => [name, fate])) as Record<FaultName, Fate>;

/** A read on the way to a cluster: what passes is tried again, and what does not pass ends the life, cleanly. */
const READ: Row = {
  ...all('ready'),
  validation: 'closed ProviderRejected',
  quota: 'closed QuotaExceeded',
  'access denied': 'closed Unauthorized',
  'unknown code': 'closed Unknown',
};

/** The first call of a create: a definite refusal of the only send is a refusal; all else is looked for or sent again. */
const CREATE: Row = {
  ...READ,
  validation: 'refused ProviderRejected',
  quota: 'refused QuotaExceeded',
  'access denied': 'refused Unauthorized',
  'not found': 'refused ClusterFailed',
};

/** A later call of it: what passes is sent again at once, and a refusal leaves a container to be made absent. */
const RUN: Row = { ...READ, 'not found': 'closed ClusterFailed' };

/** A lease has nowhere to go on to: nothing is given up either. */
const LEASE = all('leased');

/** On the way out nothing is given up. */
const CLOSE = all('absent');

/**
 * The fate of a life that meets each fault at each call: `send` is a first create, `adopt` the look for a cluster whose
 * create had no answer, which goes on with what is only begun, `wait` the looks until it is usable, `lease`
 * the looks at it while it is in use, `close` its end.
 */
export const ROWS: ProviderCase['rows'] = {
  send: { DescribeHpcClusters: READ, CreateHpcCluster: CREATE, RunInstances: RUN },
  adopt: { DescribeHpcClusters: READ, DescribeInstances: READ, RunInstances: RUN },
  wait: { DescribeHpcClusters: READ, DescribeInstances: READ },
  lease: { DescribeHpcClusters: LEASE, DescribeInstances: LEASE, ModifyInstanceAutoReleaseTime: LEASE },
  close: { DescribeHpcClusters: CLOSE, DescribeInstances: CLOSE, DeleteInstances: CLOSE, DeleteHpcCluster: CLOSE },
};

/** The same for instances without a container. */
export const ROWS_WITHOUT: ProviderCase['rows'] = {
  send: { DescribeInstances: READ, RunInstances: CREATE },
  adopt: { DescribeInstances: READ },
  wait: { DescribeInstances: READ },
  lease: { DescribeInstances: LEASE, ModifyInstanceAutoReleaseTime: LEASE },
  close: { DescribeHpcClusters: CLOSE, DescribeInstances: CLOSE, DeleteInstances: CLOSE },
};
