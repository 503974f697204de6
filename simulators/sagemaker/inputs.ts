import { z } from 'zod';
import { InstanceGroup, Name, RestrictedInstanceGroup, RoleArn, TrainingPlanArn, VpcConfig } from './instance-group.ts';
import { text } from './validation.ts';

const TAG_PATTERN = '([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)';
export const Tag = z.object({
  Key: text({ min: 1, max: 128, pattern: TAG_PATTERN }),
  Value: text({ min: 0, max: 256, pattern: TAG_PATTERN }),
});
export type Tag = z.infer<typeof Tag>;
const Tags = z.array(Tag).max(50);

const ClusterNameOrArn = text({
  max: 256,
  pattern:
    '((arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:cluster/[a-z0-9]{12})|([a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}))',
});
const ResourceArn = text({ max: 256, pattern: 'arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+' });
const Paging = z.object({ MaxResults: z.int().min(1).max(100).optional(), NextToken: z.string().max(8192).optional() });
const Sorting = z.object({
  SortBy: z.enum(['CREATION_TIME', 'NAME']).default('CREATION_TIME'),
  SortOrder: z.enum(['Ascending', 'Descending']).default('Ascending'),
});
/** Seconds since the epoch, with a fraction. */
const CreationRange = z.object({ CreationTimeAfter: z.number().optional(), CreationTimeBefore: z.number().optional() });

const Orchestrator = z.object({
  Eks: z
    .object({
      ClusterArn: text({
        min: 20,
        max: 2048,
        pattern: 'arn:aws[a-z\\-]*:eks:[a-z0-9\\-]*:[0-9]{12}:cluster\\/[0-9A-Za-z][A-Za-z0-9\\-_]{0,99}',
      }),
    })
    .optional(),
  Slurm: z.looseObject({ SlurmConfigStrategy: z.enum(['Overwrite', 'Managed', 'Merge']).optional() }).optional(),
});

export const CreateClusterInput = z.object({
  ClusterName: Name,
  InstanceGroups: z.array(InstanceGroup).min(1).max(100).optional(),
  RestrictedInstanceGroups: z.array(RestrictedInstanceGroup).min(1).max(100).optional(),
  VpcConfig: VpcConfig.optional(),
  Tags: Tags.optional(),
  Orchestrator: Orchestrator.optional(),
  NodeRecovery: z.enum(['Automatic', 'None']).optional(),
  TieredStorageConfig: z
    .object({
      Mode: z.enum(['Enable', 'Disable']),
      InstanceMemoryAllocationPercentage: z.int().min(0).max(100).optional(),
    })
    .optional(),
  NodeProvisioningMode: z.enum(['Continuous']).optional(),
  ClusterRole: RoleArn.optional(),
  AutoScaling: z
    .object({ Mode: z.enum(['Enable', 'Disable']), AutoScalerType: z.enum(['Karpenter']).optional() })
    .optional(),
});
export type CreateClusterInput = z.infer<typeof CreateClusterInput>;

/** The input of DescribeCluster and of DeleteCluster. */
export const ClusterInput = z.object({ ClusterName: ClusterNameOrArn });

export const ListClustersInput = z.object({
  ...Paging.shape,
  ...Sorting.shape,
  ...CreationRange.shape,
  NameContains: text({ max: 63, pattern: '[a-zA-Z0-9\\-]+' }).optional(),
  TrainingPlanArn: TrainingPlanArn.optional(),
});

export const ListClusterNodesInput = z.object({
  ...Paging.shape,
  ...Sorting.shape,
  ...CreationRange.shape,
  ClusterName: ClusterNameOrArn,
  InstanceGroupNameContains: Name.optional(),
  IncludeNodeLogicalIds: z.boolean().optional(),
});

export const DescribeClusterNodeInput = z.object({
  ClusterName: ClusterNameOrArn,
  NodeId: text({ min: 1, max: 256, pattern: 'i-[a-f0-9]{8}(?:[a-f0-9]{9})?' }).optional(),
  NodeLogicalId: text({ min: 1, max: 128, pattern: '[a-zA-Z0-9][a-zA-Z0-9\\-]*[a-zA-Z0-9]' }).optional(),
});

export const ListTagsInput = z.object({
  ResourceArn,
  MaxResults: z.int().min(50).optional(),
  NextToken: z.string().max(8192).optional(),
});

export const AddTagsInput = z.object({ ResourceArn, Tags });
