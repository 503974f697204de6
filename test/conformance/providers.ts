import { alibabaEcsCase } from './alibaba-ecs/case.ts';
import type { ProviderCase } from './kit/case.ts';
import { sagemakerCase } from './sagemaker/case.ts';
import { tensorpoolCase } from './tensorpool/case.ts';

/** Every provider that the suite runs over. */
export const PROVIDER_CASES: readonly ProviderCase[] = [sagemakerCase, alibabaEcsCase, tensorpoolCase];
