import { z } from 'zod';

/** Fields that every provider's placement shares. */
export const placementFields = {
  /**
   * Price of the whole cluster, micro-dollars an hour, where the catalogue has none or a wrong one;
   * it is what is held and booked. At most 100 000 USD an hour, against a slip of the decimal point (policy).
   */
  hourlyPriceMicros: z.number().int().min(0).max(100_000_000_000).optional(),
};
