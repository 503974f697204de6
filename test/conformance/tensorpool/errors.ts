import type { ProviderErrorKind } from '../../../activities/providers/errors.ts';
import type { ProviderCase, VendorError } from '../kit/case.ts';
import type { Fault, VendorFaultName } from '../kit/faults.ts';

const reply = (status: number, message = 'Scripted.'): Fault => ({
  ...{ kind: 'error', type: `Status${status}`, message, status },
});
const NAME_CONFLICT = { kind: 'error', type: 'NameConflict', status: 400, message: 'The name is taken' } as const;

export const VENDOR_FAULTS: Readonly<Record<VendorFaultName, Fault>> = {
  validation: reply(422, 'Input should be a valid string'),
  quota: reply(402, 'Insufficient balance'),
  'access denied': reply(403, 'Not allowed'),
  'unknown code': reply(418),
  'not found': reply(404, 'Cluster not found'),
  'in use': NAME_CONFLICT,
  'in use, after the effect': { ...NAME_CONFLICT, when: 'after' },
  conflict: reply(409, 'Cluster is busy'),
};

const DEFINITE: readonly ProviderErrorKind[] = [
  ...(['throttled', 'unavailable', 'conflict', 'not-found', 'rejected'] as const),
  ...(['quota', 'capacity', 'unauthorized', 'name-taken'] as const),
];

const on = (call: string, kind: ProviderErrorKind, ...faults: Fault[]): VendorError[] =>
  faults.map((fault) => ({ call, fault, kind, definite: DEFINITE.includes(kind) }));

const create = on.bind(undefined, 'cluster.create');

/** The service's statuses, and network errors. The status 400 of a create has two meanings. */
export const ERRORS: readonly VendorError[] = [
  ...create('name-taken', reply(400, 'Invalid instance type'), reply(400, 'The name is taken'), reply(409)),
  ...create('rejected', reply(422)),
  ...create('quota', reply(402)),
  ...create('unauthorized', reply(401), reply(403)),
  ...create('not-found', reply(404)),
  ...create('throttled', reply(429), { kind: 'throttle' }),
  ...create('ambiguous', reply(408), reply(500), reply(502), reply(503), reply(504)),
  ...create('ambiguous', { kind: 'html' }, { kind: 'html', status: 500 }, { kind: 'truncate' }, { kind: 'empty' }),
  ...create('ambiguous', { kind: 'reset' }, { kind: 'reset', when: 'after' }, { kind: 'hang' }),
  ...create('ambiguous', { kind: 'hang', forMs: 20 }, { kind: 'late-cluster', afterMs: 1 }),
  ...create('unknown', reply(418), reply(410), reply(451)),
  {
    ...{ call: 'cluster.create', fault: { kind: 'throttle', retryAfterSeconds: 7 } as const },
    ...{ kind: 'throttled' as const, definite: true, retryAfterMs: 7_000 },
  },
  ...on('cluster.destroy', 'conflict', reply(400, 'Deletion protection is enabled'), reply(409)),
  ...on('cluster.destroy', 'unauthorized', reply(401), reply(403)),
  ...on('cluster.destroy', 'ambiguous', reply(500), { kind: 'html' }, { kind: 'truncate' }, { kind: 'reset' }),
  ...on('cluster.list', 'throttled', { kind: 'throttle' }),
  ...on('cluster.list', 'rejected', reply(400), reply(422)),
  // A listing that is "not found" is not an empty listing.
  ...on('cluster.list', 'ambiguous', reply(404, 'No clusters found'), { kind: 'html' }, { kind: 'truncate' }),
  ...on('cluster.list', 'ambiguous', { kind: 'empty' }, { kind: 'reset' }, { kind: 'hang' }),
];

export const OUTCOMES: ProviderCase['outcomes'] = [
  { fault: { kind: 'no-capacity' }, expectedEnd: 'closed InsufficientCapacity' },
  { fault: { kind: 'partial-capacity', nodes: 2 }, expectedEnd: 'ready' },
  { fault: { kind: 'fails' }, expectedEnd: 'closed ClusterFailed' },
  { fault: { kind: 'slow', extraMs: 300 }, expectedEnd: 'ready' },
  { fault: { kind: 'vanish', afterMs: 5 }, expectedEnd: 'closed ClusterFailed' },
];
