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
  // A read has no names to be in use: its 400 says that it was put wrongly.
  'in use': 'closed ProviderRejected',
  'in use, after the effect': 'closed ProviderRejected',
};

/** The create itself: a definite refusal of the only send is a refusal; all else is looked for, found or sent again. */
const CREATE: Row = {
  ...READ,
  validation: 'refused ProviderRejected',
  quota: 'refused QuotaExceeded',
  'access denied': 'refused Unauthorized',
  'unknown code': 'closed Unknown',
  'not found': 'refused ClusterFailed',
  // The service has one status for a name in use and for parameters it does not take: nothing wears the name.
  'in use': 'closed ProviderRejected',
  conflict: 'closed ProviderRejected',
  'in use, after the effect': 'ready',
};

/** The look for the price after a create is of use and needed by nobody. */
const PRICE = all('ready');

/** A lease has nowhere to go on to: nothing is given up either. */
const LEASE = all('leased');

/** On the way out nothing is given up. */
const CLOSE = all('absent');

/**
 * The fate of a life that meets each fault at each call: `send` is a first create, `adopt` the look for a cluster whose
 * create had no answer, `wait` the looks until it is usable and worn by no other, `lease`
 * the looks at it while it is in use, `close` its end.
 */
export const ROWS: ProviderCase['rows'] = {
  send: { 'cluster.list': READ, 'cluster.create': CREATE, 'cluster.info': PRICE },
  adopt: { 'cluster.list': READ, 'cluster.info': READ },
  wait: { 'cluster.info': READ, 'cluster.list': READ },
  lease: { 'cluster.info': LEASE },
  close: { 'cluster.list': CLOSE, 'cluster.destroy': CLOSE, 'cluster.info': CLOSE },
};
