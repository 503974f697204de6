import type { Price } from './definition.ts';

/**
 * None. TensorPool's prices are on a web page that could not be read when this was written, and there is no list price of the
 * same hardware elsewhere. A low estimate would hold less than the bill. So a request states `hourlyPriceMicros`; the API's
 * quote shows it. An operator who knows the account's prices adds rows here.
 */
export const TENSORPOOL_PRICES: readonly Price[] = [];
