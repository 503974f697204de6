import { z } from 'zod';
import { KEY, type Json, type PricedUnit, type ProviderDefinition } from './definition.ts';
import { placementFields } from './placement.ts';
import { TENSORPOOL_INSTANCE_TYPES } from './tensorpool-instance-types.ts';
import { TENSORPOOL_PRICES } from './tensorpool-prices.ts';

/** TensorPool has no regions: the one name for where all its clusters are. */
const TENSORPOOL_REGION = 'global';

const MINUTE_MS = 60_000;

/** Most nodes of one cluster (policy: the vendor names no bound, and a slip of the keyboard costs a fortune). */
const MAX_NODES = 1_000;

/** Most keys of one cluster, and the longest of them: an RSA key of 16 384 bits has 2 800 characters (policy). */
const MAX_PUBLIC_KEYS = 50;
const MAX_KEY_LENGTH = 8_192;

/** Types of `sshd`'s authorized_keys, then base64, then a comment. A private key never fits. */
const PUBLIC_KEY =
  /^(ssh-(rsa|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]+=*( [^\r\n]*)?$/;

/** Spec of a TensorPool cluster. */
const TensorPoolSpec = z.strictObject({
  instanceType: z.enum(TENSORPOOL_INSTANCE_TYPES),
  numNodes: z.number().int().min(1).max(MAX_NODES).default(1),
  /** Who may log in, beside the keys saved in the account. They are not saved there. */
  publicKeys: z
    .array(
      z.string().max(MAX_KEY_LENGTH).regex(PUBLIC_KEY, 'must be an SSH public key such as "ssh-ed25519 AAAA... name"'),
    )
    .max(MAX_PUBLIC_KEYS)
    .default([]),
  /** Container image of the nodes; the vendor's own without it. */
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

/** TensorPool: no token and no tags, and whether names are unique is not known: only the name we choose tells. */
export const tensorpool: ProviderDefinition<TensorPoolPlacement> = {
  provider: 'tensorpool',
  placement: TensorPoolPlacement,
  region,
  defaultRegion: TENSORPOOL_REGION,
  idempotency: 'neither',
  // Policy: the widest of all windows, since nothing but a look keeps a second cluster from being made.
  lateClusterWindowMs: 30 * MINUTE_MS,
  // Policy: a release is queued and may be retried by the service; its guide speaks of minutes.
  deleteReserveMs: 30 * MINUTE_MS,
  prices: TENSORPOOL_PRICES,
  // Policy: when its own machines are all taken the service may use others "at a higher cost", and names no bound.
  priceHeadroom: 1.5,

  units: ({ spec }): PricedUnit[] => [{ instanceType: spec.instanceType, count: spec.numNodes }],

  nodesWanted: ({ spec }) => spec.numNodes,

  resolveCall: ({ spec }): Json => ({
    instance_type: spec.instanceType,
    num_nodes: spec.numNodes,
    tp_cluster_name: KEY,
    public_keys: spec.publicKeys,
    ...(spec.container === undefined ? {} : { container: spec.container }),
    // Left out, a cluster could not be made absent when an account's default says otherwise.
    deletion_protection: false,
    // Left out, the service would store a request's keys in the profile of the account, and give them to all clusters.
    save_keys: false,
  }),
};
