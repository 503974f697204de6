import type { ProvisioningRequestInput } from '../../contracts/request.ts';

/** A SageMaker instance group of two machines, with fields replaced. */
export const anInstanceGroup = (more: object = {}) => ({
  instanceGroupName: 'workers',
  instanceType: 'ml.g5.xlarge',
  instanceCount: 2,
  executionRole: 'arn:aws:iam::123456789012:role/hyperpod',
  ...more,
});

/** A placement at SageMaker with one such group, with fields of its spec replaced. */
export const aPlacement = (region = 'us-west-2', spec: object = {}) => ({
  provider: 'sagemaker' as const,
  region,
  spec: { instanceGroups: [anInstanceGroup()], ...spec },
});

/** A request for an hour at SageMaker: one placement in each region, tried in order. */
export function aRequest(requestId: string, regions = ['us-west-2'], more: object = {}): ProvisioningRequestInput {
  return {
    requestId,
    team: 'research',
    placements: regions.map((region) => aPlacement(region)),
    durationMs: 3_600_000,
    ...more,
  };
}
