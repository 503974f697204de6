import { z } from 'zod';

/** What no source says about the service. Each setting is a way that it may behave; the defaults are the likely ones. */
export const Behaviour = z.strictObject({
  /** Which live clusters reserve their name: all, only running ones, or none. */
  names: z.enum(['unique', 'unique-once-running', 'not-unique']).default('unique'),
  /** Until when a destroyed cluster reserves its name. */
  nameHeldUntil: z.enum(['release-completed', 'release-accepted']).default('release-completed'),
  /** Whether the reply to a create holds the ids of its request and its instances. The schema makes both optional. */
  replyHasRequestId: z.boolean().default(true),
  replyHasInstanceIds: z.boolean().default(true),
  /** What a failed claim leaves behind. */
  failureLeaves: z.enum(['nothing', 'cluster']).default('cluster'),
  /** Whether the service itself retries a claim once. */
  retriesOnce: z.boolean().default(false),
  /** Whether a cluster may be destroyed before it is ready. */
  destroyWhileProvisioning: z.enum(['allowed', 'refused']).default('allowed'),
  /** What list and info show: every likely member, or only those that a third party's client reads. */
  details: z.enum(['full', 'sparse']).default('full'),
  /** The price of the fallback pool as a multiple. It serves creates when the primary pool is full; without it there is none. */
  fallbackFactor: z.number().min(1).optional(),
  /** The account's balance at the start, micro-dollars. A create must leave enough for an hour of all live clusters. */
  balanceMicros: z.number().nonnegative().optional(),
});
export type Behaviour = z.infer<typeof Behaviour>;
