import { z } from 'zod';
import { alibabaEcs, AlibabaEcsPlacement } from './alibaba-ecs.ts';
import type { ProviderDefinition } from './definition.ts';
import { sagemaker, SageMakerPlacement } from './sagemaker.ts';
import { tensorpool, TensorPoolPlacement } from './tensorpool.ts';

/** Every provider, one line each. Its name makes its queue and its ledger role. */
export const PROVIDERS = [sagemaker, alibabaEcs, tensorpool] as const;

/** One acceptable way to meet a request: a placement at any of the providers. */
export const Placement = z.discriminatedUnion('provider', [
  SageMakerPlacement,
  AlibabaEcsPlacement,
  TensorPoolPlacement,
]);
export type Placement = z.infer<typeof Placement>;

/** A provider's name. */
export type ProviderName = (typeof PROVIDERS)[number]['provider'];

/** Every name, for those who need no more. */
export const PROVIDER_NAMES: readonly ProviderName[] = PROVIDERS.map((contract) => contract.provider);

/** The contract behind a name; a name outside the registry is a bug, since schemas admit no other. */
export function definitionOf(provider: string): ProviderDefinition {
  const contract = PROVIDERS.find((each) => each.provider === provider);
  if (contract === undefined) throw new RangeError(`no provider is called "${provider}"`);
  // Each contract reads only placements that its own schema parsed.
  return contract;
}
