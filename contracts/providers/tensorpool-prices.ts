import type { Price } from './definition.ts';

/**
 * None: TensorPool's prices stand on a web page that no source of ours shows, and nothing else sells the same thing at
 * a list price to go by. A request states `hourlyPriceMicros` (the API's quote tells it); an estimate that erred low
 * would hold less than the bill. An operator who knows the prices of the account puts rows here.
 */
export const TENSORPOOL_PRICES: readonly Price[] = [];
