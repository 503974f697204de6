import type { ProvisioningRequestInput } from '../../contracts/request.ts';

/** A small request at SageMaker: one group of two machines in each region given, tried in order. */
export function aRequest(requestId: string, regions = ['us-west-2'], more: object = {}): ProvisioningRequestInput {
  return {
    requestId,
    team: 'research',
    placements: regions.map((region) => ({
      provider: 'sagemaker' as const,
      region,
      spec: {
        instanceGroups: [
          {
            instanceGroupName: 'workers',
            instanceType: 'ml.g5.xlarge',
            instanceCount: 2,
            executionRole: 'arn:aws:iam::123456789012:role/hyperpod',
          },
        ],
      },
    })),
    durationMs: 3_600_000,
    ...more,
  };
}
