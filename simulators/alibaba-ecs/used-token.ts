import { z } from 'zod';

/** A ClientToken that was used, and the result of its call. */
export const UsedToken = z.object({
  region: z.string(),
  operation: z.string(),
  token: z.string(),
  /** A digest of all parameters, in which a repeat must be equal. */
  digest: z.string(),
  usedAtMs: z.number(),
  result: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('done'), output: z.record(z.string(), z.unknown()) }),
    z.object({ kind: z.literal('refused'), type: z.string(), message: z.string(), status: z.int() }),
  ]),
});
export type UsedToken = z.infer<typeof UsedToken>;
