import { z } from 'zod';

/** At most 100 000 USD an hour, against a misplaced decimal point (policy). */
const hourlyMicros = z.number().int().min(0).max(100_000_000_000);

/** The price fields of every provider's placement. */
export const placementFields = {
  /** Price of the whole cluster, micro-dollars an hour. It replaces the catalogue's price, and is held and booked. */
  hourlyPriceMicros: hourlyMicros.optional(),
  /**
   * The placement is skipped when the whole cluster costs more than this, micro-dollars an hour. The known price is compared
   * before anything is reserved, and the billed price once the provider reports it.
   */
  maxHourlyPriceMicros: hourlyMicros.optional(),
};
