import { z } from 'zod';
import { alibabaEcs, AlibabaEcsPlacement } from './alibaba-ecs.ts';
import type { ProviderDefinition } from './definition.ts';
import { sagemaker, SageMakerPlacement } from './sagemaker.ts';
import { tensorpool, TensorPoolPlacement } from './tensorpool.ts';

/** Every provider, one line each. Its task queues and its ledger role are named after it. */
export const PROVIDERS = [sagemaker, alibabaEcs, tensorpool] as const;

/** One acceptable way to fulfil a request, at any of the providers. */
export const Placement = z.discriminatedUnion('provider', [
  SageMakerPlacement,
  AlibabaEcsPlacement,
  TensorPoolPlacement,
]);
export type Placement = z.infer<typeof Placement>;

/** A provider's name. */
export type ProviderName = (typeof PROVIDERS)[number]['provider'];

/** Every provider's name. */
export const PROVIDER_NAMES: readonly ProviderName[] = PROVIDERS.map((definition) => definition.provider);

/** The definition of a provider. Schemas accept only names from the registry, so any other name is a bug. */
export function definitionOf(provider: string): ProviderDefinition {
  const definition = PROVIDERS.find((each) => each.provider === provider);
  if (definition === undefined) throw new RangeError(`no provider is called "${provider}"`);
  // Each definition reads only placements that its own schema parsed.
  return definition;
}
