import { z } from 'zod';

/** What no source settles about the service: each switch is one way it may be. The defaults are what is most likely. */
export const Behaviour = z.strictObject({
  /** Which living clusters keep their name from another: all, those that have come to run, or none. */
  names: z.enum(['unique', 'unique-once-running', 'not-unique']).default('unique'),
  /** Until when a destroyed cluster keeps its name. */
  nameHeldUntil: z.enum(['release-completed', 'release-accepted']).default('release-completed'),
  /** Whether a create's reply names its request, and its instances; both may be left out by the schema. */
  tellsRequestId: z.boolean().default(true),
  tellsInstanceIds: z.boolean().default(true),
  /** What a claim that failed leaves behind. */
  failureLeaves: z.enum(['nothing', 'cluster']).default('cluster'),
  /** A claim is first refused inside, and then tried again by the service itself. */
  retriesOnce: z.boolean().default(false),
  /** Whether a cluster that is not ready yet may be destroyed. */
  destroyWhileProvisioning: z.enum(['allowed', 'refused']).default('allowed'),
  /** What list and info tell: all that anybody may hope for, or only what a third party's client reads. */
  details: z.enum(['full', 'sparse']).default('full'),
  /** How many times the price the fallback pool costs, taken when the primary one is full; without it there is none. */
  fallbackFactor: z.number().min(1).optional(),
  /** The account's balance at the beginning, micro-dollars: a create must leave an hour of everything that lives. */
  balanceMicros: z.number().nonnegative().optional(),
});
export type Behaviour = z.infer<typeof Behaviour>;
