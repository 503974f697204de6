import { z } from 'zod';

/** At most 100 000 USD an hour, against a slip of the decimal point (policy). */
const hourlyMicros = z.number().int().min(0).max(100_000_000_000);

/** Fields that every provider's placement shares. */
export const placementFields = {
  /**
   * Price of the whole cluster, micro-dollars an hour, where the catalogue has none or a wrong one;
   * it is what is held and booked.
   */
  hourlyPriceMicros: hourlyMicros.optional(),
  /**
   * The placement is passed over where the whole cluster costs more an hour than this, micro-dollars: by the known price
   * before anything is reserved, and by the billed one once the provider tells it.
   */
  maxHourlyPriceMicros: hourlyMicros.optional(),
};
