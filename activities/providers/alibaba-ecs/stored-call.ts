import { z } from 'zod';
import { ALIBABA_ECS_KEY_TAG } from '../../../contracts/providers/alibaba-ecs-call.ts';
import type { Json } from '../../../contracts/providers/definition.ts';

/** One call of RunInstances as it was stored: the parts that tell what it makes; the rest is sent as it stands. */
const StoredRun = z.looseObject({
  Amount: z.number(),
  Tag: z.array(z.object({ Key: z.string(), Value: z.string() })),
});
export type StoredRun = z.infer<typeof StoredRun>;

const StoredCall = z.object({
  hpc: z.looseObject({ Name: z.string() }).nullable(),
  runs: z.array(StoredRun),
  minNodes: z.number(),
});

/** What a creation sends: made by the provider's contract when the creation opened. */
export type StoredCall = z.infer<typeof StoredCall>;

export const storedCall = (call: Json): StoredCall => StoredCall.parse(call);

/** The same where there may be none, as where a look is made without a creation. */
export const storedCallIfAny = (call: Json | undefined): StoredCall | undefined => StoredCall.safeParse(call).data;

/** The key that everything a call makes will wear. */
export const keyOf = ({ hpc, runs }: StoredCall): string =>
  hpc?.Name ?? tagOf(runs[0]?.Tag ?? [], ALIBABA_ECS_KEY_TAG) ?? '';

/** The same where there may be no call. */
export function keyIfAny(call: Json | undefined): string | undefined {
  const stored = storedCallIfAny(call);
  return stored && (keyOf(stored) || undefined);
}

export const tagOf = (tags: StoredRun['Tag'], key: string): string | undefined =>
  tags.find(({ Key }) => Key === key)?.Value;
