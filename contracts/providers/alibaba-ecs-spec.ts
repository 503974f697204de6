import { z } from 'zod';

/*
 * The spec of an ECS cluster. Lengths, patterns and sizes come from the API texts in @alicloud/ecs20140526 7.11.6, unless
 * they are marked as ours. The SDK checks nothing before it sends.
 *
 * These are left out on purpose: user data and passwords, because the whole call is stored and shown; instance names, because
 * they contain the key; subscription, because a prepaid instance cannot be deleted.
 */

/** Most instances of one call. */
export const RUN_MAX = 100;

/** Most instances of one cluster: a search by tag returns at most a thousand. */
const MAX_NODES = 1_000;

/** An instance may have 20 tags, and three are ours. */
const MAX_TAGS = 17;

const NOT_A_LINK = /^(?!https?:\/\/)/;
const id = (prefix: string, example: string) =>
  z
    .string()
    .max(64)
    .regex(new RegExp(`^${prefix}-[A-Za-z0-9]+$`), `must be an id such as ${example}`);

/** Smallest and largest size of each category, GiB. */
const SYSTEM_DISKS = {
  cloud_efficiency: [20, 2_048],
  cloud_ssd: [20, 2_048],
  cloud_essd: [20, 2_048],
  cloud_auto: [1, 2_048],
  cloud_essd_entry: [20, 2_048],
} as const;
const DATA_DISKS = {
  cloud_efficiency: [20, 32_768],
  cloud_ssd: [20, 32_768],
  cloud_essd: [20, 65_536],
  cloud_auto: [1, 65_536],
  cloud_essd_entry: [10, 32_768],
} as const;

const diskOf = <C extends string>(sizes: Readonly<Record<C, readonly [number, number]>>) =>
  z
    .strictObject({
      category: z.enum(Object.keys(sizes) as [C, ...C[]]),
      /** In GiB, the vendor's unit. */
      sizeGB: z.number().int(),
    })
    .superRefine(({ category, sizeGB }, context) => {
      const [least, most] = sizes[category];
      if (sizeGB >= least && sizeGB <= most) return;
      const message = `must be ${least} to ${most} for ${category}`;
      context.addIssue({ code: 'custom', path: ['sizeGB'], message });
    });

const tagText = z
  .string()
  .max(128)
  .regex(/^(?!.*https?:\/\/)/, 'must not hold http:// or https://');
const tags = z
  .record(tagText.min(1).regex(/^(?!aliyun|acs:|muster:)/, 'must not begin with aliyun, acs: or muster:'), tagText)
  .refine((all) => Object.keys(all).length <= MAX_TAGS, {
    error: `must be at most ${MAX_TAGS}: three of the 20 are ours`,
  });

const securityGroupId = id('sg', 'sg-bp1abc');

const nodes = z
  .strictObject({
    instanceType: z
      .string()
      .max(64)
      .regex(/^ecs\.[a-z0-9-]+\.[a-z0-9-]+$/, 'must be an instance type such as ecs.sccgn7ex.32xlarge'),
    count: z.number().int().min(1).max(MAX_NODES),
    /** How many nodes make the cluster ready. Without it, all of `count`. */
    minCount: z.number().int().min(1).max(MAX_NODES).optional(),
    imageId: z
      .string()
      .min(1)
      .max(128)
      .regex(/^[A-Za-z0-9_.:-]+$/, 'must be the id of an image'),
    /** Either this or `securityGroupIds`. */
    securityGroupId: securityGroupId.optional(),
    /** At most 16 (policy; the account's quota is the real limit). */
    securityGroupIds: z.array(securityGroupId).min(1).max(16).optional(),
    vSwitchId: id('vsw', 'vsw-bp1abc'),
    /** Without it, the vSwitch's zone. */
    zoneId: z
      .string()
      .max(64)
      .regex(/^[a-z0-9-]+$/, 'must be a zone such as cn-hangzhou-i')
      .optional(),
    /** An SSH key pair of the account. Without it, and without keys in the image, nobody can log in. */
    keyPairName: z.string().min(2).max(128).regex(NOT_A_LINK, 'must not begin with http:// or https://').optional(),
    /** Hosts are named `<prefix>-0001` and so on. Without it, by their instance ids. */
    hostNamePrefix: z
      .string()
      .max(59)
      .regex(/^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/, 'must be letters, digits and inner hyphens')
      .optional(),
    systemDisk: diskOf(SYSTEM_DISKS),
    /** They are deleted together with their instance. */
    dataDisks: z.array(diskOf(DATA_DISKS)).max(16).default([]),
    /** Without it, no spot instances. A spot instance never costs more than the pay-as-you-go price. */
    spotStrategy: z.enum(['SpotAsPriceGo']).optional(),
    /** Public bandwidth, Mbit/s. It costs extra, and so does the public address. Without it there is none. */
    internetMaxBandwidthOut: z.number().int().min(0).max(100).optional(),
    tags: tags.optional(),
  })
  .refine((group) => (group.securityGroupId === undefined) !== (group.securityGroupIds === undefined), {
    path: ['securityGroupId'],
    error: 'give either securityGroupId or securityGroupIds, and not both',
  })
  .refine((group) => (group.minCount ?? group.count) <= group.count, {
    path: ['minCount'],
    error: 'must not be greater than count',
  });

/**
 * Whether instances of a type go into an HPC cluster. Those of the `scc` families must. The service refuses all others with
 * InvalidHpcClusterId.Unnecessary, by its table of errors.
 */
export const takesContainer = (instanceType: string): boolean => instanceType.startsWith('ecs.scc');

/** Spec of an ECS cluster. */
export const AlibabaEcsSpec = z
  .strictObject({
    /** Description of the HPC cluster, for instance types that take one. */
    description: z.string().min(2).max(256).regex(NOT_A_LINK, 'must not begin with http:// or https://').optional(),
    /** Without them, an empty HPC cluster, which costs nothing. */
    nodes: nodes.optional(),
  })
  .refine(
    (spec) => spec.description === undefined || spec.nodes === undefined || takesContainer(spec.nodes.instanceType),
    {
      path: ['description'],
      error: 'describes an HPC cluster, and instances of this type take no HPC cluster',
    },
  );
export type AlibabaEcsSpec = z.infer<typeof AlibabaEcsSpec>;
