import { definitionOf } from '../../contracts/providers/registry.ts';
import type { PricedUnit } from '../../contracts/providers/definition.ts';
import { ProviderError } from './errors.ts';
import type { FoundCluster, Provider } from './provider.ts';

/**
 * What a cluster costs, micro-dollars an hour: the provider's own price, or else the catalogue's. Null when neither has a
 * price, or when the provider does not show what the cluster consists of.
 */
export async function clusterPrice(provider: Provider, region: string, cluster: FoundCluster): Promise<number | null> {
  if (cluster.hourlyMicros !== undefined) return cluster.hourlyMicros;
  try {
    return cataloguePrice(provider.name, region, await provider.units(region, cluster.clusterId));
  } catch (error) {
    if (error instanceof ProviderError) return null;
    throw error;
  }
}

/** Null when any unit has no price. */
function cataloguePrice(provider: string, region: string, units: readonly PricedUnit[]): number | null {
  if (units.length === 0) return null;
  const { prices } = definitionOf(provider);
  let sum = 0;
  for (const { instanceType, count } of units) {
    const price = prices.find((row) => row.region === region && row.instanceType === instanceType);
    if (price === undefined) return null;
    sum += price.hourlyMicros * count;
  }
  return sum;
}
