import { z } from 'zod';
import { SAGEMAKER_INSTANCE_TYPES } from './sagemaker-instance-types.ts';

/*
 * The spec of a HyperPod cluster. Lengths, patterns and counts come from the service model in botocore 1.44.5. The JavaScript
 * SDK has none and checks nothing before it sends.
 */

const name = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/, 'must be letters, digits and inner hyphens');
const roleArn = z
  .string()
  .min(20)
  .max(2048)
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/, 'must be the ARN of an IAM role');
const instanceType = z.string().refine((type) => SAGEMAKER_INSTANCE_TYPES.has(type), {
  error: 'is not an instance type that HyperPod takes (such as ml.p5.48xlarge)',
});
const vpcConfig = z.strictObject({
  securityGroupIds: z
    .array(
      z
        .string()
        .max(32)
        .regex(/^[-0-9a-zA-Z]+$/, 'must be a security group id'),
    )
    .min(1)
    .max(5),
  subnets: z
    .array(
      z
        .string()
        .max(32)
        .regex(/^[-0-9a-zA-Z]+$/, 'must be a subnet id'),
    )
    .min(1)
    .max(16),
});

const instanceGroup = z
  .strictObject({
    instanceGroupName: name,
    /** Nodes of the group. All must come up, unless `minInstanceCount` is smaller. At least one, because we wait for it. */
    instanceCount: z.number().int().min(1).max(6758),
    /** How many nodes make the group ready. HyperPod rolls the group back when they are not there within 3 hours. */
    minInstanceCount: z.number().int().min(0).max(6758).optional(),
    executionRole: roleArn,
    /** Either this or `instanceTypes`. */
    instanceType: instanceType.optional(),
    /** Any of these, depending on capacity. The hold is for the most expensive one. */
    instanceTypes: z.array(instanceType).min(1).max(20).optional(),
    lifeCycleConfig: z
      .strictObject({
        sourceS3Uri: z
          .string()
          .max(1024)
          .regex(/^(https|s3):\/\/([^/]+)\/?(.*)$/, 'must be an s3:// or https:// address'),
        onCreate: z.string().min(1).max(128),
        onInitComplete: z.string().min(1).max(128).optional(),
      })
      .optional(),
    threadsPerCore: z.number().int().min(1).max(2).optional(),
    /** Size of an extra EBS volume for each node, GB. */
    volumeSizeInGB: z.number().int().min(1).max(16384).optional(),
    onStartDeepHealthChecks: z
      .array(z.enum(['InstanceStress', 'InstanceConnectivity', 'MultiNodeTrainingValidation']))
      .min(1)
      .max(3)
      .optional(),
    trainingPlanArn: z.string().min(50).max(2048).startsWith('arn:').optional(),
    capacity: z.enum(['Spot', 'OnDemand']).optional(),
    overrideVpcConfig: vpcConfig.optional(),
    imageId: z.string().min(1).max(256).optional(),
  })
  .refine((group) => (group.instanceType === undefined) !== (group.instanceTypes === undefined), {
    path: ['instanceType'],
    error: 'give either instanceType or instanceTypes, and not both',
  })
  .refine((group) => (group.minInstanceCount ?? 0) <= group.instanceCount, {
    path: ['minInstanceCount'],
    error: 'must not be greater than instanceCount',
  });

/** A cluster may have 50 tags, and two are ours. */
const MAX_TAGS = 48;
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const tags = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .regex(tagText, 'has characters that a tag may not have')
      .refine((key) => !/^(aws|muster):/i.test(key), { error: 'must not begin with aws: or muster:' }),
    z.string().max(256).regex(tagText, 'has characters that a tag may not have'),
  )
  .refine((all) => Object.keys(all).length <= MAX_TAGS, {
    error: `must be at most ${MAX_TAGS}: two of the 50 are ours`,
  });

/** Spec of a HyperPod cluster. */
export const SageMakerSpec = z
  .strictObject({
    instanceGroups: z.array(instanceGroup).min(1).max(100),
    vpcConfig: vpcConfig.optional(),
    tags: tags.optional(),
    /** An EKS cluster as orchestrator. Without it, Slurm. */
    orchestrator: z
      .strictObject({ eks: z.strictObject({ clusterArn: z.string().min(20).max(2048).startsWith('arn:') }) })
      .optional(),
    nodeRecovery: z.enum(['Automatic', 'None']).optional(),
    /** `Continuous` lets nodes join one by one. It needs `orchestrator.eks`. */
    nodeProvisioningMode: z.enum(['Continuous']).optional(),
  })
  .superRefine((spec, context) => {
    const seen = new Set<string>();
    spec.instanceGroups.forEach((group, index) => {
      if (seen.has(group.instanceGroupName)) {
        context.addIssue({
          code: 'custom',
          path: ['instanceGroups', index, 'instanceGroupName'],
          message: `"${group.instanceGroupName}" names another group of this cluster too; names must differ`,
        });
      }
      seen.add(group.instanceGroupName);
    });
    if (spec.nodeProvisioningMode !== undefined && spec.orchestrator === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['nodeProvisioningMode'],
        message: 'Continuous needs orchestrator.eks',
      });
    }
  });
export type SageMakerSpec = z.infer<typeof SageMakerSpec>;
