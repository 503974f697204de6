import type { Price } from './definition.ts';

/**
 * None: what ECS bills depends on the account (its currency, yuan or dollars, and its discounts), the region, the zone
 * and the disks, and no list of it could be read when this was written. A request states `hourlyPriceMicros` for the
 * whole cluster, in micro-dollars, disks and bandwidth included (the service's DescribePrice and its price pages tell
 * them); an estimate that erred low would hold less than the bill. An operator who knows the prices of the account puts
 * rows here. An HPC cluster without nodes needs no price: it costs nothing.
 */
export const ALIBABA_ECS_PRICES: readonly Price[] = [];
