import { z } from 'zod';
import { ALIBABA_ECS_KEY_TAG } from '../../../contracts/providers/alibaba-ecs-call.ts';
import type { Json } from '../../../contracts/providers/definition.ts';

/** The fields of a stored RunInstances call that the adapter reads. The others are sent unchanged. */
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

/** All that a creation sends, as the provider's definition made it when the creation opened. */
export type StoredCall = z.infer<typeof StoredCall>;

export const storedCall = (call: Json): StoredCall => StoredCall.parse(call);

/** The same, or undefined when there is no stored call, as in a check without a creation. */
export const tryStoredCall = (call: Json | undefined): StoredCall | undefined => StoredCall.safeParse(call).data;

/** The key that all parts of the cluster carry. */
export const keyOf = ({ hpc, runs }: StoredCall): string =>
  hpc?.Name ?? tagOf(runs[0]?.Tag ?? [], ALIBABA_ECS_KEY_TAG) ?? '';

/** The same, or undefined without a stored call. */
export function keyInCall(call: Json | undefined): string | undefined {
  const stored = tryStoredCall(call);
  return stored && (keyOf(stored) || undefined);
}

export const tagOf = (tags: StoredRun['Tag'], key: string): string | undefined =>
  tags.find(({ Key }) => Key === key)?.Value;
