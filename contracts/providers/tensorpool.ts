import { z } from 'zod';
import { KEY_PLACEHOLDER, type Json, type PricedUnit, type ProviderDefinition } from './definition.ts';
import { placementFields } from './placement.ts';
import { TENSORPOOL_INSTANCE_TYPES } from './tensorpool-instance-types.ts';
import { TENSORPOOL_PRICES } from './tensorpool-prices.ts';

/** TensorPool has no regions. This is our name for the only one. */
const TENSORPOOL_REGION = 'global';

const MINUTE_MS = 60_000;

/** Most nodes of one cluster (policy: the vendor names no limit, and a typing error would be expensive). */
const MAX_NODES = 1_000;

/** Most keys of one cluster, and the longest key (policy): an RSA key of 16 384 bits has 2 800 characters. */
const MAX_PUBLIC_KEYS = 50;
const MAX_KEY_LENGTH = 8_192;

/** A line of `sshd`'s authorized_keys: a type, base64 and a comment. A private key does not match. */
const PUBLIC_KEY =
  /^(ssh-(rsa|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]+=*( [^\r\n]*)?$/;

/** Spec of a TensorPool cluster. */
const TensorPoolSpec = z.strictObject({
  instanceType: z.enum(TENSORPOOL_INSTANCE_TYPES),
  numNodes: z.number().int().min(1).max(MAX_NODES).default(1),
  /** Keys that may log in, besides those saved in the account. They are not saved there. */
  publicKeys: z
    .array(
      z.string().max(MAX_KEY_LENGTH).regex(PUBLIC_KEY, 'must be an SSH public key such as "ssh-ed25519 AAAA... name"'),
    )
    .max(MAX_PUBLIC_KEYS)
    .default([]),
  /** Container image of the nodes. Without it, the vendor's own. */
  container: z.string().min(1).max(512).optional(),
});
export type TensorPoolSpec = z.infer<typeof TensorPoolSpec>;

const region = z.literal(TENSORPOOL_REGION);

export const TensorPoolPlacement = z.strictObject({
  provider: z.literal('tensorpool'),
  region: region.default(TENSORPOOL_REGION),
  ...placementFields,
  spec: TensorPoolSpec,
});
export type TensorPoolPlacement = z.infer<typeof TensorPoolPlacement>;

/** TensorPool. It has no tokens and no tags, and it is not known whether names are unique: only our name identifies a cluster. */
export const tensorpool: ProviderDefinition<TensorPoolPlacement> = {
  provider: 'tensorpool',
  placement: TensorPoolPlacement,
  region,
  defaultRegion: TENSORPOOL_REGION,
  idempotency: 'neither',
  // Policy: the longest of all windows, because only our search prevents a second cluster.
  lateClusterWindowMs: 30 * MINUTE_MS,
  // Policy: the service queues a release and may retry it. Its guide says that this takes minutes.
  deleteReserveMs: 30 * MINUTE_MS,
  prices: TENSORPOOL_PRICES,
  // Policy: when its own machines are in use, the service may use others "at a higher cost", without a stated limit.
  priceHeadroom: 1.5,

  units: ({ spec }): PricedUnit[] => [{ instanceType: spec.instanceType, count: spec.numNodes }],

  nodesWanted: ({ spec }) => spec.numNodes,

  resolveCall: ({ spec }): Json => ({
    instance_type: spec.instanceType,
    num_nodes: spec.numNodes,
    tp_cluster_name: KEY_PLACEHOLDER,
    public_keys: spec.publicKeys,
    ...(spec.container === undefined ? {} : { container: spec.container }),
    // Explicit, because the account's default may forbid the deletion.
    deletion_protection: false,
    // Explicit, because the service would otherwise save the keys in the account and give them to all clusters.
    save_keys: false,
  }),
};
