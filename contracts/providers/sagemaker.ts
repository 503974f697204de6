import { z } from 'zod';
import { KEY, type Json, type PricedUnit, type ProviderDefinition } from './definition.ts';
import { placementFields } from './placement.ts';
import { SAGEMAKER_PRICES } from './sagemaker-prices.ts';
import { SageMakerSpec } from './sagemaker-spec.ts';

/** Tag that proves a cluster is ours: its value is the idempotency key. */
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

/** Nodes of a group that make it usable. */
const groupNodesWanted = (group: Group): number => group.minInstanceCount ?? group.instanceCount;

/** The dearest of the types that a group may get, by the catalogue; the first where none is listed. */
function dearestType(group: Group, region: string): string {
  const types = group.instanceType === undefined ? (group.instanceTypes ?? []) : [group.instanceType];
  const price = (type: string): number =>
    SAGEMAKER_PRICES.find((row) => row.region === region && row.instanceType === type)?.hourlyMicros ?? Infinity;
  return types.reduce((dearest, type) => (price(type) > price(dearest) ? type : dearest));
}

/** Drops what was not given, so that the stored call has only what will be sent. */
const omitUndefined = (fields: Record<string, Json | undefined>): Json =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined));

const vpc = (config: SageMakerSpec['vpcConfig']): Json | undefined =>
  config && { SecurityGroupIds: config.securityGroupIds, Subnets: config.subnets };

function groupCall(group: Group): Json {
  const life = group.lifeCycleConfig;
  return omitUndefined({
    InstanceGroupName: group.instanceGroupName,
    InstanceCount: group.instanceCount,
    MinInstanceCount: group.minInstanceCount,
    InstanceType: group.instanceType,
    InstanceRequirements: group.instanceTypes && { InstanceTypes: group.instanceTypes },
    ExecutionRole: group.executionRole,
    LifeCycleConfig:
      life &&
      omitUndefined({ SourceS3Uri: life.sourceS3Uri, OnCreate: life.onCreate, OnInitComplete: life.onInitComplete }),
    ThreadsPerCore: group.threadsPerCore,
    InstanceStorageConfigs:
      group.volumeSizeInGB === undefined ? undefined : [{ EbsVolumeConfig: { VolumeSizeInGB: group.volumeSizeInGB } }],
    OnStartDeepHealthChecks: group.onStartDeepHealthChecks,
    TrainingPlanArn: group.trainingPlanArn,
    CapacityRequirements: group.capacity && { [group.capacity]: {} },
    OverrideVpcConfig: vpc(group.overrideVpcConfig),
    ImageId: group.imageId,
  });
}

/** SageMaker HyperPod: a cluster name is taken until its cluster is gone, and a tag at birth proves whose it is. */
export const sagemaker: ProviderDefinition<SageMakerPlacement> = {
  provider: 'sagemaker',
  placement: SageMakerPlacement,
  region,
  defaultRegion: 'us-west-2',
  idempotency: 'unique-name',
  // Policy: creates were seen to show up within seconds; the margin covers a request held up in a proxy.
  lateClusterWindowMs: 15 * MINUTE_MS,
  // A cluster refuses deletion while it is being created (35 minutes at the worst seen), then takes minutes to go.
  deleteReserveMs: 60 * MINUTE_MS,
  prices: SAGEMAKER_PRICES,
  // A list price, or the one of a reservation.
  priceHeadroom: 1,

  units: ({ spec, region }): PricedUnit[] =>
    spec.instanceGroups.map((group) => ({ instanceType: dearestType(group, region), count: group.instanceCount })),

  nodesWanted: ({ spec }) => spec.instanceGroups.reduce((sum, group) => sum + groupNodesWanted(group), 0),

  resolveCall: ({ spec }, requestId) =>
    omitUndefined({
      ClusterName: KEY,
      InstanceGroups: spec.instanceGroups.map(groupCall),
      VpcConfig: vpc(spec.vpcConfig),
      Orchestrator: spec.orchestrator && { Eks: { ClusterArn: spec.orchestrator.eks.clusterArn } },
      NodeRecovery: spec.nodeRecovery,
      NodeProvisioningMode: spec.nodeProvisioningMode,
      Tags: [
        { Key: SAGEMAKER_KEY_TAG, Value: KEY },
        { Key: 'muster:request', Value: requestId },
        ...Object.entries(spec.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
      ],
    }),
};
