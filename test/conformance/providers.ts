import type { ProviderName } from '../../contracts/providers/registry.ts';
import { alibabaEcsCase } from './alibaba-ecs/case.ts';
import type { ProviderCase } from './kit/case.ts';
import { sagemakerCase } from './sagemaker/case.ts';
import { tensorpoolCase } from './tensorpool/case.ts';

/** The suite runs for every provider; one that is missing here does not compile. */
const CASES: Readonly<Record<ProviderName, ProviderCase>> = {
  sagemaker: sagemakerCase,
  'alibaba-ecs': alibabaEcsCase,
  tensorpool: tensorpoolCase,
};

export const PROVIDER_CASES: readonly ProviderCase[] = Object.values(CASES);
