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
  // A read has no name that could be in use: its 400 means an invalid request.
  'in use': 'closed ProviderRejected',
  'in use, after the effect': 'closed ProviderRejected',
};

/** The create: a definite refusal of the only send is a refusal. After any other fault we search, adopt or send again. */
const CREATE: EndByFault = {
  ...READ,
  validation: 'refused ProviderRejected',
  quota: 'refused QuotaExceeded',
  'access denied': 'refused Unauthorized',
  'unknown code': 'closed Unknown',
  'not found': 'refused ClusterFailed',
  // The service has one status for a name in use and for invalid parameters. No cluster has the name here.
  'in use': 'closed ProviderRejected',
  conflict: 'closed ProviderRejected',
  'in use, after the effect': 'ready',
};

/** The read of the price after a create is optional. */
const PRICE = all('ready');

/** A lease has no other placement to go to, so nothing is given up. */
const LEASE = all('leased');

/** A closing creation gives nothing up. */
const CLOSE = all('absent');

/**
 * How a creation ends when one call of a stage meets a fault. The stages: `send` is a first create; `adopt` is the search
 * for a cluster whose create had no answer; `wait` is the checks until the cluster is ready and no other has its name;
 * `lease` is the steps of a leased cluster; `close` is its deletion.
 */
export const FAULT_TABLE: ProviderCase['faultTable'] = {
  send: { 'cluster.list': READ, 'cluster.create': CREATE, 'cluster.info': PRICE },
  adopt: { 'cluster.list': READ, 'cluster.info': READ },
  wait: { 'cluster.info': READ, 'cluster.list': READ },
  lease: { 'cluster.info': LEASE },
  close: { 'cluster.list': CLOSE, 'cluster.destroy': CLOSE, 'cluster.info': CLOSE },
};
