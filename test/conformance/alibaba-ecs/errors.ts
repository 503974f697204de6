import type { ProviderErrorKind } from '../../../activities/providers/errors.ts';
import type { ProviderCase, VendorError } from '../kit/case.ts';
import type { Fault, VendorFaultName } from '../kit/faults.ts';

const reply = (type: string, message = 'Scripted.', status = 400): Fault => ({ kind: 'error', type, message, status });

const TOKEN_AT_WORK = 'The last token request is processing.';

export const VENDOR_FAULTS: Readonly<Record<VendorFaultName, Fault>> = {
  validation: reply('InvalidParameter', 'The specified parameter is not valid.'),
  quota: reply('QuotaExceed.ElasticQuota', 'No additional quota is available.', 403),
  'access denied': reply('Forbidden.RAM', 'User not authorized to operate on the specified resource.', 403),
  'unknown code': reply('BrandNewException'),
  'not found': reply('InvalidInstanceId.NotFound', 'The specified InstanceId does not exist.', 404),
  // The closest reply of this service: names are never taken, but a token may be in use.
  'in use': reply('LastTokenProcessing', TOKEN_AT_WORK, 403),
  'in use, after the effect': {
    ...{ kind: 'error', type: 'LastTokenProcessing', message: TOKEN_AT_WORK, status: 403, when: 'after' },
  },
  conflict: reply('IncorrectInstanceStatus', 'The current status does not support this operation.', 403),
};

const DEFINITE: readonly ProviderErrorKind[] = [
  ...(['throttled', 'unavailable', 'conflict', 'not-found', 'rejected'] as const),
  ...(['quota', 'capacity', 'unauthorized', 'name-taken'] as const),
];

const on = (call: string, kind: ProviderErrorKind, ...faults: Fault[]): VendorError[] =>
  faults.map((fault) => ({ call, fault, kind, definite: DEFINITE.includes(kind) }));

const BROKEN: readonly Fault[] = [
  ...([{ kind: 'html' }, { kind: 'html', status: 500 }, { kind: 'truncate' }, { kind: 'empty' }] as const),
  ...([{ kind: 'reset' }, { kind: 'reset', when: 'after' }, { kind: 'hang' }, { kind: 'hang', forMs: 20 }] as const),
];

const THROTTLED = [400, 429, 503] as const;

/** Errors of every call, from the service or from the network. */
const errorsOfAnyCall = (call: string): VendorError[] => [
  ...on(call, 'throttled', reply('Throttling'), reply('Throttling.User', 'Slow down', 503)),
  ...on(call, 'throttled', reply('Throttling.Api', 'Slow down', 429), reply('SomethingElse', 'Slow down', 429)),
  ...on(call, 'throttled', { kind: 'throttle' }),
  ...on(call, 'unauthorized', reply('Forbidden.RAM', 'No', 403), reply('Forbidden.SubUser', 'No', 403)),
  ...on(call, 'unauthorized', reply('InvalidAccessKeyId.NotFound', 'No', 404), reply('InvalidAccessKeyId.Inactive')),
  ...on(call, 'unauthorized', reply('SignatureDoesNotMatch'), reply('IncompleteSignature')),
  ...on(call, 'unauthorized', reply('InvalidSecurityToken.Expired'), reply('InvalidTimeStamp.Expired')),
  // The page of CreateHpcCluster documents the status 404 for it, which the SDK treats as the client's error.
  ...on(call, 'ambiguous', reply('InternalError', 'Failed', 404), reply('InternalError', 'Failed', 500)),
  ...on(call, 'ambiguous', reply('ServiceUnavailable', 'Later', 503), reply('InvalidGateway', 'Bad', 502)),
  ...on(call, 'ambiguous', reply('SignatureNonceUsed'), reply('LastTokenProcessing', TOKEN_AT_WORK, 403)),
  ...on(call, 'ambiguous', ...BROKEN),
  ...on(call, 'unknown', reply('BrandNewException'), reply('BrandNew', 'No', 418)),
  ...on(call, 'unknown', reply('InvalidAction.NotFound', 'No', 404), reply('InvalidVersion')),
];

const errorsOfCreate = (call: string): VendorError[] => [
  ...errorsOfAnyCall(call),
  ...THROTTLED.map((status) => ({
    ...{ call, fault: { kind: 'throttle', status, retryAfterSeconds: 7 } as const },
    ...{ kind: 'throttled' as const, definite: true, retryAfterMs: 7_000 },
  })),
  ...on(
    call,
    'unknown',
    reply('IdempotentParameterMismatch'),
    reply('InvalidIdempotenceParameter.Mismatch', 'No', 403),
  ),
  ...on(call, 'rejected', reply('MissingParameter'), reply('InvalidRegionId.NotFound', 'No', 404)),
  ...on(call, 'rejected', reply('InvalidClientToken.ValueNotSupported'), reply('Invalid.Parameter')),
];

/** The service's errors for creations with a container, as far as its pages and public code name them. */
export const ERRORS: readonly VendorError[] = [
  ...errorsOfCreate('CreateHpcCluster'),
  ...on('CreateHpcCluster', 'rejected', reply('InvalidHpcClusterName.Malformed')),
  ...on('CreateHpcCluster', 'rejected', reply('InvalidHpcClusterDescription.Malformed')),
  ...on('DeleteHpcCluster', 'conflict', reply('NotEmpty.HpcCluster')),
  ...on('DeleteHpcCluster', 'unauthorized', reply('Forbidden.RAM', 'No', 403)),
  ...on('DescribeHpcClusters', 'throttled', reply('Throttling')),
  ...on('DescribeHpcClusters', 'ambiguous', reply('NotExists.HpcCluster'), ...BROKEN),
];

/** The same for instance sets. */
export const RUN_ERRORS: readonly VendorError[] = [
  ...errorsOfCreate('RunInstances'),
  ...on('RunInstances', 'capacity', reply('OperationDenied.NoStock', 'None', 403), reply('Zone.NotOnSale', 'No', 403)),
  ...on('RunInstances', 'quota', reply('QuotaExceed.ElasticQuota', 'No', 403), reply('QuotaExceeded.PrivateIpAddress')),
  ...on('RunInstances', 'quota', reply('InsufficientBalance', 'No', 403), reply('Account.Arrearage')),
  ...on('RunInstances', 'quota', reply('InvalidPayMethod', 'No', 403)),
  ...on('RunInstances', 'quota', reply('InvalidAccountStatus.NotEnoughBalance', 'No', 403)),
  ...on('RunInstances', 'unavailable', reply('InvalidHpcClusterId.Creating')),
  ...on('RunInstances', 'rejected', reply('InvalidHpcClusterId.NotFound')),
  ...on('RunInstances', 'unavailable', reply('OperationDenied.ResourceControl', 'Try later', 403)),
  ...on('RunInstances', 'unavailable', reply('OperationDenied.CreatingConflict', 'Wait', 404)),
  ...on('RunInstances', 'rejected', reply('InvalidHpcClusterId.Unnecessary'), reply('InvalidHpcClusterId.Necessary')),
  ...on('RunInstances', 'rejected', reply('InvalidInstanceType.ValueNotSupported'), reply('InvalidImageId.NotFound')),
  ...on('RunInstances', 'rejected', reply('InstanceType.Offline', 'No', 403), reply('InvalidVSwitchId.NotFound')),
  ...on('DescribeInstances', 'throttled', reply('Throttling')),
  ...on('DescribeInstances', 'ambiguous', ...BROKEN),
];

export const OUTCOMES: ProviderCase['outcomes'] = [
  // Faults of the container: it is created more slowly.
  { fault: { kind: 'slow', extraMs: 150 }, expectedEnd: 'ready' },
  { fault: { kind: 'fails' }, expectedEnd: 'ready' },
  // Faults of its instances.
  { fault: { kind: 'slow', extraMs: 150 }, always: 'RunInstances', expectedEnd: 'ready' },
  { fault: { kind: 'no-capacity' }, always: 'RunInstances', expectedEnd: 'closed InsufficientCapacity' },
  { fault: { kind: 'partial-capacity', nodes: 1 }, always: 'RunInstances', expectedEnd: 'closed InsufficientCapacity' },
  { fault: { kind: 'vanish', afterMs: 1 }, always: 'RunInstances', expectedEnd: 'closed ClusterFailed' },
];

/** The same for instance sets, whose first run is the create. */
export const RUN_OUTCOMES: ProviderCase['outcomes'] = [
  { fault: { kind: 'slow', extraMs: 150 }, expectedEnd: 'ready' },
  { fault: { kind: 'no-capacity' }, expectedEnd: 'refused InsufficientCapacity' },
  { fault: { kind: 'partial-capacity', nodes: 1 }, expectedEnd: 'refused InsufficientCapacity' },
  { fault: { kind: 'vanish', afterMs: 1 }, expectedEnd: 'closed ClusterFailed' },
];
