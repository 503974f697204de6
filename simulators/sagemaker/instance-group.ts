import { z } from 'zod';
import { INSTANCE_TYPES } from './instance-types.ts';
import { text } from './validation.ts';

const NAME_PATTERN = '[a-zA-Z0-9](-*[a-zA-Z0-9])*';

/** The lengths and patterns of all shapes in this file are those of botocore 1.44.5, sagemaker 2017-07-24. */
export const Name = text({ min: 1, max: 63, pattern: NAME_PATTERN });
export const RoleArn = text({
  min: 20,
  max: 2048,
  pattern: 'arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
});
export const TrainingPlanArn = text({
  min: 50,
  max: 2048,
  pattern: 'arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:training-plan/.*',
});

const NetworkId = text({ max: 32, pattern: '[-0-9a-zA-Z]+' });
export const VpcConfig = z.object({
  SecurityGroupIds: z.array(NetworkId).min(1).max(5),
  Subnets: z.array(NetworkId).min(1).max(16),
});

const InstanceType = z.enum(INSTANCE_TYPES);
const InstanceCount = z.int().min(0).max(6758);
const ScriptName = text({ min: 1, max: 128 });
const FsxDnsName = text({ min: 16, max: 275, pattern: '((fs|fc)i?-[0-9a-f]{8,}\\..{4,253})' });
const MountPath = text({ min: 1, max: 1024, pattern: '/[a-zA-Z0-9._/-]+' });

const StorageConfig = z.object({
  EbsVolumeConfig: z
    .object({
      VolumeSizeInGB: z.int().min(1).max(16384).optional(),
      VolumeKmsKeyId: text({ max: 2048, pattern: '[a-zA-Z0-9:/_-]*' }).optional(),
      RootVolume: z.boolean().optional(),
    })
    .optional(),
  FsxLustreConfig: z
    .object({
      DnsName: FsxDnsName,
      MountName: text({ min: 1, max: 8, pattern: '([A-Za-z0-9_-]{1,8})' }),
      MountPath: MountPath.optional(),
    })
    .optional(),
  FsxOpenZfsConfig: z.object({ DnsName: FsxDnsName, MountPath: MountPath.optional() }).optional(),
});

const DeploymentConfig = z.looseObject({ WaitIntervalInSeconds: z.int().min(0).max(3600).optional() });

const LabelValue = text({ min: 1, max: 63, pattern: '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?' });
const KubernetesConfig = z.object({
  Labels: z.record(z.string(), LabelValue).optional(),
  Taints: z
    .array(
      z.object({
        Key: text({ min: 1, max: 317 }),
        Value: LabelValue.optional(),
        Effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
      }),
    )
    .max(50)
    .optional(),
});

/** The members that both kinds of instance group have. */
const CommonGroup = z.object({
  InstanceGroupName: Name,
  InstanceCount,
  ExecutionRole: RoleArn,
  ThreadsPerCore: z.int().min(1).max(2).optional(),
  InstanceStorageConfigs: z.array(StorageConfig).max(4).optional(),
  OnStartDeepHealthChecks: z
    .array(z.enum(['InstanceStress', 'InstanceConnectivity', 'MultiNodeTrainingValidation']))
    .min(1)
    .max(3)
    .optional(),
  TrainingPlanArn: TrainingPlanArn.optional(),
  OverrideVpcConfig: VpcConfig.optional(),
  ScheduledUpdateConfig: z
    .object({ ScheduleExpression: text({ min: 1, max: 256 }), DeploymentConfig: DeploymentConfig.optional() })
    .optional(),
});

export const InstanceGroup = CommonGroup.extend({
  InstanceType: InstanceType.optional(),
  InstanceRequirements: z.object({ InstanceTypes: z.array(InstanceType).min(1).max(20) }).optional(),
  MinInstanceCount: InstanceCount.optional(),
  LifeCycleConfig: z
    .object({
      SourceS3Uri: text({ max: 1024, pattern: '(https|s3)://([^/]+)/?(.*)' }).optional(),
      OnCreate: ScriptName.optional(),
      OnInitComplete: ScriptName.optional(),
    })
    .optional(),
  ImageId: text({ min: 7, max: 21, pattern: '(ami-[0-9a-fA-F]{8,17}|default)' }).optional(),
  ImageReleaseVersion: text({ max: 64, pattern: '[0-9]+\\.[0-9]+\\.[0-9]+' }).optional(),
  AutoPatchConfig: z.looseObject({ PatchingStrategy: z.enum(['WhenIdle', 'WhenAllIdle', 'DrainFirst']) }).optional(),
  KubernetesConfig: KubernetesConfig.optional(),
  SlurmConfig: z
    .object({
      NodeType: z.enum(['Controller', 'Login', 'Compute']),
      PartitionNames: z
        .array(text({ max: 1024, pattern: NAME_PATTERN }))
        .max(1)
        .optional(),
    })
    .optional(),
  CapacityRequirements: z.object({ Spot: z.object({}).optional(), OnDemand: z.object({}).optional() }).optional(),
  NetworkInterface: z.object({ InterfaceType: z.enum(['efa', 'efa-only']) }).optional(),
});
export type InstanceGroup = z.infer<typeof InstanceGroup>;

/** An instance group for customising Amazon Nova models. */
export const RestrictedInstanceGroup = CommonGroup.extend({
  InstanceType,
  EnvironmentConfig: z
    .object({
      FSxLustreConfig: z
        .object({
          SizeInGiB: z.int().min(1200).max(100_800),
          PerUnitStorageThroughput: z.int().min(125).max(1000),
        })
        .optional(),
    })
    .optional(),
});
export type RestrictedInstanceGroup = z.infer<typeof RestrictedInstanceGroup>;
