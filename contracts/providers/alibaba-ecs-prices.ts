import type { Price } from './definition.ts';

/**
 * None. What ECS bills depends on the account (currency and discounts), the region, the zone and the disks, and no list could
 * be read when this was written. A low estimate would hold less than the bill. So a request states `hourlyPriceMicros` for
 * the whole cluster, with disks and bandwidth; the service's DescribePrice and its price pages show it. An operator who knows
 * the account's prices adds rows here. An HPC cluster without nodes costs nothing and needs no price.
 */
export const ALIBABA_ECS_PRICES: readonly Price[] = [];
