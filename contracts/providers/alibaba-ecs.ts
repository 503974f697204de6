import { z } from 'zod';
import { buildCall, nodesWantedOf } from './alibaba-ecs-call.ts';
import { ALIBABA_ECS_PRICES } from './alibaba-ecs-prices.ts';
import { AlibabaEcsSpec } from './alibaba-ecs-spec.ts';
import type { PricedUnit, ProviderDefinition } from './definition.ts';
import { placementFields } from './placement.ts';

const MINUTE_MS = 60_000;

/** A region id of the vendor. */
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
 * Alibaba Cloud ECS. An HPC cluster is an empty container, into which instances are run. Instances of other types have no
 * container. Each call has its own token. Instances carry the key as a tag, a container as its name.
 */
export const alibabaEcs: ProviderDefinition<AlibabaEcsPlacement> = {
  provider: 'alibaba-ecs',
  placement: AlibabaEcsPlacement,
  region,
  defaultRegion: 'cn-hangzhou',
  idempotency: 'token',
  // Policy: a new cluster shows within seconds; the margin covers a request that a proxy holds up.
  lateClusterWindowMs: 15 * MINUTE_MS,
  // Policy: a Pending instance refuses its release (bare metal for minutes), and then takes minutes to disappear.
  deleteReserveMs: 30 * MINUTE_MS,
  prices: ALIBABA_ECS_PRICES,
  // A pay-as-you-go price does not change while an instance runs, and no spot price exceeds it.
  priceHeadroom: 1,

  units: ({ spec: { nodes } }): PricedUnit[] =>
    nodes === undefined ? [] : [{ instanceType: nodes.instanceType, count: nodes.count }],

  nodesWanted: ({ spec }) => nodesWantedOf(spec),

  resolveCall: ({ region, spec }, requestId) => buildCall(region, spec, requestId),
};
