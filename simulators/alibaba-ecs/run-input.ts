import { z } from 'zod';
import { Flag, integer, Tags, text } from './validation.ts';

/** Instances of one call, by the service's documentation. */
const MAX_AMOUNT = 100;

/** `name[1,4]` and `name-[1,4]-more` number the instances, so a name may have brackets and commas. */
const INSTANCE_NAME = /^\p{L}[\p{L}\d:._[\],-]*$/u;

/** The parameters of RunInstances that have an effect here. The service has many more, which are ignored. */
export const RunInstancesInput = z.object({
  InstanceType: z.string(),
  HpcClusterId: z.string().optional(),
  ImageId: z.string().optional(),
  ImageFamily: z.string().optional(),
  SecurityGroupId: z.string().optional(),
  SecurityGroupIds: z.array(z.string()).optional(),
  VSwitchId: z.string().optional(),
  ZoneId: z.string().optional(),
  // The tables have a code for MinAmount and one for the former MaxAmount. That Amount has the latter is a guess.
  Amount: integer('InvalidMaxAmount.Malformed', { min: 1, max: MAX_AMOUNT }).default(1),
  MinAmount: integer('InvalidMinAmount.Malformed', { min: 1, max: MAX_AMOUNT }).optional(),
  InstanceName: text('InvalidInstanceName.Malformed', { min: 2, max: 128, pattern: INSTANCE_NAME }).optional(),
  UniqueSuffix: Flag.default(false),
  KeyPairName: z.string().default(''),
  InstanceChargeType: z
    .enum(['PostPaid', 'PrePaid'], { error: 'InvalidInstanceChargeType.NotFound' })
    .default('PostPaid'),
  SpotStrategy: z
    .enum(['NoSpot', 'SpotWithPriceLimit', 'SpotAsPriceGo'], { error: 'InvalidSpotStrategy' })
    .default('NoSpot'),
  AutoReleaseTime: z.string().optional(),
  DeletionProtection: Flag.default(false),
  DryRun: Flag.default(false),
  Tag: Tags.default([]),
});
export type RunInstancesInput = z.infer<typeof RunInstancesInput>;
