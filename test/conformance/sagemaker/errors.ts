import type { ProviderErrorKind } from '../../../activities/providers/errors.ts';
import type { ProviderCase, VendorError } from '../kit/case.ts';
import type { Fault, VendorFaultName } from '../kit/faults.ts';

const reply = (type: string, message = 'Scripted.', status = 400): Fault => ({ kind: 'error', type, message, status });

export const VENDOR_FAULTS: Readonly<Record<VendorFaultName, Fault>> = {
  validation: reply('ValidationException', "1 validation error detected: Value '-' failed to satisfy constraint"),
  quota: reply('ResourceLimitExceeded', 'The account-level service limit is 0 Instances'),
  'access denied': reply('AccessDeniedException', 'User is not authorized to perform this action'),
  'unknown code': reply('BrandNewException'),
  'not found': reply('ResourceNotFound', 'Cluster with this name does not exist.'),
  'in use': reply('ResourceInUse', 'A cluster with this name already exists'),
  'in use, after the effect': {
    ...{ kind: 'error', type: 'ResourceInUse', message: 'A cluster with this name already exists', when: 'after' },
  },
  conflict: reply('ConflictException', 'Cluster cannot be changed while its status is Creating.'),
};

const DEFINITE: readonly ProviderErrorKind[] = [
  ...(['throttled', 'unavailable', 'conflict', 'not-found', 'rejected'] as const),
  ...(['quota', 'capacity', 'unauthorized', 'name-taken'] as const),
];

const on = (call: string, kind: ProviderErrorKind, ...faults: Fault[]): VendorError[] =>
  faults.map((fault) => ({ call, fault, kind, definite: DEFINITE.includes(kind) }));

const create = on.bind(undefined, 'CreateCluster');

/** The service's errors: those of its model, those common to AWS, and network errors. */
export const ERRORS: readonly VendorError[] = [
  ...create('name-taken', reply('ResourceInUse')),
  ...create('quota', reply('ResourceLimitExceeded')),
  ...create('rejected', reply('ValidationException', 'Invalid parameter')),
  ...create(
    'unavailable',
    reply('ValidationException', 'SageMaker cannot assume the execution role arn:aws:iam::1:role/x'),
  ),
  ...create(
    'unavailable',
    reply('InvalidSignatureException', 'Signature expired: 20261121T100000Z is now earlier than 20261121T100500Z'),
    reply('InvalidSignatureException', 'Signature not yet current: 20261121T101000Z is still later than that'),
  ),
  ...create('not-found', reply('ResourceNotFound'), reply('ValidationException', 'Could not find cluster x')),
  ...create('conflict', reply('ConflictException')),
  ...create(
    'throttled',
    reply('ThrottlingException', 'Rate exceeded'),
    reply('ThrottlingException', 'Rate exceeded', 503),
  ),
  ...create('throttled', reply('ThrottledException'), reply('Throttling'), reply('TooManyRequestsException')),
  ...create('throttled', reply('RequestLimitExceeded'), reply('SomethingElse', 'Slow down', 429)),
  ...create('unauthorized', reply('AccessDeniedException'), reply('AccessDeniedException', 'Denied', 403)),
  ...create('unauthorized', reply('ExpiredTokenException'), reply('ExpiredToken'), reply('InvalidSignatureException')),
  ...create('unauthorized', reply('SignatureDoesNotMatch', 'Wrong', 403), reply('UnrecognizedClientException')),
  ...create('unauthorized', reply('InvalidClientTokenId', 'Wrong', 403), reply('IncompleteSignature')),
  ...create('unauthorized', reply('MissingAuthenticationToken', 'None', 403), reply('OptInRequired', 'No', 403)),
  ...create('unauthorized', reply('AccessDenied', 'Denied', 403)),
  ...create('ambiguous', reply('InternalFailure', 'Oops', 500), reply('ServiceUnavailable', 'Later', 503)),
  ...create('ambiguous', reply('ValidatedLater', 'Bad gateway', 502), reply('GatewayTimeout', 'Slow', 504)),
  ...create('ambiguous', reply('RequestTimeoutException', 'Slow', 408), reply('RequestTimeout', 'Slow')),
  ...create('ambiguous', reply('RequestAbortedException', 'You left')),
  ...create('ambiguous', { kind: 'html' }, { kind: 'html', status: 500 }, { kind: 'truncate' }, { kind: 'empty' }),
  ...create(
    'ambiguous',
    { kind: 'reset' },
    { kind: 'reset', when: 'after' },
    { kind: 'hang' },
    { kind: 'hang', forMs: 20 },
  ),
  ...create('unknown', reply('BrandNewException'), reply('UnknownOperationException'), reply('BrandNew', 'No', 418)),
  ...create('throttled', { kind: 'throttle' }),
  ...[400, 429, 503].map((status) => ({
    ...{ call: 'CreateCluster', fault: { kind: 'throttle', status, retryAfterSeconds: 7 } as const },
    ...{ kind: 'throttled' as const, definite: true, retryAfterMs: 7_000 },
  })),
  ...on('DeleteCluster', 'conflict', reply('ConflictException')),
  ...on('DeleteCluster', 'unauthorized', reply('AccessDeniedException')),
  ...on('ListClusters', 'throttled', reply('ThrottlingException')),
  ...on('ListClusters', 'ambiguous', { kind: 'html' }, { kind: 'truncate' }, { kind: 'empty' }, { kind: 'reset' }),
];

export const OUTCOMES: ProviderCase['outcomes'] = [
  { fault: { kind: 'no-capacity' }, expectedEnd: 'closed InsufficientCapacity' },
  { fault: { kind: 'partial-capacity', nodes: 2 }, expectedEnd: 'ready' },
  { fault: { kind: 'fails' }, expectedEnd: 'closed ClusterFailed' },
  { fault: { kind: 'slow', extraMs: 300 }, expectedEnd: 'ready' },
  // The node is listed but cannot be described, like one that is being replaced.
  { fault: VENDOR_FAULTS['not found'], always: 'DescribeClusterNode', expectedEnd: 'ready' },
  // Only the nodes' addresses are missing.
  { fault: VENDOR_FAULTS['access denied'], always: 'DescribeClusterNode', expectedEnd: 'ready' },
  { fault: { kind: 'vanish', afterMs: 5 }, expectedEnd: 'closed ClusterFailed' },
];
