import { z } from 'zod';
import { callOf, nodesWantedOf } from './alibaba-ecs-call.ts';
import { ALIBABA_ECS_PRICES } from './alibaba-ecs-prices.ts';
import { AlibabaEcsSpec } from './alibaba-ecs-spec.ts';
import type { PricedUnit, ProviderDefinition } from './definition.ts';
import { placementFields } from './placement.ts';

const MINUTE_MS = 60_000;

/** The vendor's region id. */
const region = z
  .string()
  .max(64)
  .regex(/^[a-z]{2,3}(-[a-z0-9]+)+$/, 'must be an Alibaba Cloud region such as cn-hangzhou or ap-southeast-1');

export const AlibabaEcsPlacement = z.strictObject({
  provider: z.literal('alibaba-ecs'),
  region,
  ...placementFields,
  spec: AlibabaEcsSpec,
});
export type AlibabaEcsPlacement = z.infer<typeof AlibabaEcsPlacement>;

/**
 * Alibaba Cloud ECS: an HPC cluster is an empty container, and instances are run into it, or stand by themselves where
 * their type takes none. Each call has a token of its own; instances wear the key as a tag, a container as its name.
 */
export const alibabaEcs: ProviderDefinition<AlibabaEcsPlacement> = {
  provider: 'alibaba-ecs',
  placement: AlibabaEcsPlacement,
  region,
  defaultRegion: 'cn-hangzhou',
  idempotency: 'token',
  // Policy: births show within seconds; the margin covers a request held up in a proxy.
  lateClusterWindowMs: 15 * MINUTE_MS,
  // Policy: an instance that is Pending refuses its release, for minutes where it is bare metal, then takes minutes to go.
  deleteReserveMs: 30 * MINUTE_MS,
  prices: ALIBABA_ECS_PRICES,
  // Pay-as-you-go prices stand while an instance runs, and no spot price is above them.
  priceHeadroom: 1,

  units: ({ spec: { nodes } }): PricedUnit[] =>
    nodes === undefined ? [] : [{ instanceType: nodes.instanceType, count: nodes.count }],

  nodesWanted: ({ spec }) => nodesWantedOf(spec),

  resolveCall: ({ region, spec }, requestId) => callOf(region, spec, requestId),
};
