import { z } from 'zod';
import { KEY_PLACEHOLDER, type Json, type PricedUnit, type ProviderDefinition } from './definition.ts';
import { omitUndefined } from './omit-undefined.ts';
import { placementFields } from './placement.ts';
import { SAGEMAKER_PRICES } from './sagemaker-prices.ts';
import { SageMakerSpec } from './sagemaker-spec.ts';

/** Tag that proves that a cluster is ours. Its value is the idempotency key. */
export const SAGEMAKER_KEY_TAG = 'muster:key';

const MINUTE_MS = 60_000;

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as us-west-2');

export const SageMakerPlacement = z.strictObject({
  provider: z.literal('sagemaker'),
  /** An AWS region, such as us-west-2. */
  region,
  ...placementFields,
  spec: SageMakerSpec,
});
export type SageMakerPlacement = z.infer<typeof SageMakerPlacement>;

type Group = SageMakerSpec['instanceGroups'][number];

/** How many nodes make a group ready. */
const groupNodesWanted = (group: Group): number => group.minInstanceCount ?? group.instanceCount;

/** The most expensive type that a group may get. A type without a price counts as the most expensive. */
function mostExpensiveType(group: Group, region: string): string {
  const types = group.instanceType === undefined ? (group.instanceTypes ?? []) : [group.instanceType];
  const price = (type: string): number =>
    SAGEMAKER_PRICES.find((row) => row.region === region && row.instanceType === type)?.hourlyMicros ?? Infinity;
  return types.reduce((mostExpensive, type) => (price(type) > price(mostExpensive) ? type : mostExpensive));
}

const vpcInput = (config: SageMakerSpec['vpcConfig']): Json | undefined =>
  config && { SecurityGroupIds: config.securityGroupIds, Subnets: config.subnets };

function groupInput(group: Group): Json {
  const lifeCycle = group.lifeCycleConfig;
  return omitUndefined({
    InstanceGroupName: group.instanceGroupName,
    InstanceCount: group.instanceCount,
    MinInstanceCount: group.minInstanceCount,
    InstanceType: group.instanceType,
    InstanceRequirements: group.instanceTypes && { InstanceTypes: group.instanceTypes },
    ExecutionRole: group.executionRole,
    LifeCycleConfig:
      lifeCycle &&
      omitUndefined({
        SourceS3Uri: lifeCycle.sourceS3Uri,
        OnCreate: lifeCycle.onCreate,
        OnInitComplete: lifeCycle.onInitComplete,
      }),
    ThreadsPerCore: group.threadsPerCore,
    InstanceStorageConfigs:
      group.volumeSizeInGB === undefined ? undefined : [{ EbsVolumeConfig: { VolumeSizeInGB: group.volumeSizeInGB } }],
    OnStartDeepHealthChecks: group.onStartDeepHealthChecks,
    TrainingPlanArn: group.trainingPlanArn,
    CapacityRequirements: group.capacity && { [group.capacity]: {} },
    OverrideVpcConfig: vpcInput(group.overrideVpcConfig),
    ImageId: group.imageId,
  });
}

/** SageMaker HyperPod. A name is taken until its cluster is gone. A tag from the create proves whose the cluster is. */
export const sagemaker: ProviderDefinition<SageMakerPlacement> = {
  provider: 'sagemaker',
  placement: SageMakerPlacement,
  region,
  defaultRegion: 'us-west-2',
  idempotency: 'unique-name',
  // Policy: new clusters were seen to show within seconds; the margin covers a request that a proxy holds up.
  lateClusterWindowMs: 15 * MINUTE_MS,
  // A cluster cannot be deleted while it is being created (at most 35 minutes were seen). The deletion then takes minutes.
  deleteReserveMs: 60 * MINUTE_MS,
  prices: SAGEMAKER_PRICES,
  // The bill is the list price, or the price of a reservation.
  priceHeadroom: 1,

  units: ({ spec, region }): PricedUnit[] =>
    spec.instanceGroups.map((group) => ({
      instanceType: mostExpensiveType(group, region),
      count: group.instanceCount,
    })),

  nodesWanted: ({ spec }) => spec.instanceGroups.reduce((sum, group) => sum + groupNodesWanted(group), 0),

  resolveCall: ({ spec }, requestId) =>
    omitUndefined({
      ClusterName: KEY_PLACEHOLDER,
      InstanceGroups: spec.instanceGroups.map(groupInput),
      VpcConfig: vpcInput(spec.vpcConfig),
      Orchestrator: spec.orchestrator && { Eks: { ClusterArn: spec.orchestrator.eks.clusterArn } },
      NodeRecovery: spec.nodeRecovery,
      NodeProvisioningMode: spec.nodeProvisioningMode,
      Tags: [
        { Key: SAGEMAKER_KEY_TAG, Value: KEY_PLACEHOLDER },
        { Key: 'muster:request', Value: requestId },
        ...Object.entries(spec.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
      ],
    }),
};
