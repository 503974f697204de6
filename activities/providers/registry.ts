import type { ProviderName } from '../../contracts/providers/registry.ts';
import { alibabaEcsProvider } from './alibaba-ecs/adapter.ts';
import type { Provider } from './provider.ts';
import { sagemakerProvider } from './sagemaker/adapter.ts';
import { tensorpoolProvider } from './tensorpool/adapter.ts';

/** What an adapter may need. Each uses its own part. */
export interface ProviderOptions {
  /** Overrides the vendor's own endpoint. */
  readonly endpoint?: string | undefined;
  /** Replaces the vendor's own search for credentials, for vendors with access keys. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** For vendors with a single API key. */
  readonly apiKey?: string | undefined;
  /** Longest HTTP call, ms. */
  readonly callTimeoutMs: number;
}

/** Every adapter, one line for each provider. */
export const ADAPTERS: Readonly<Record<ProviderName, (options: ProviderOptions) => Provider>> = {
  sagemaker: sagemakerProvider,
  'alibaba-ecs': alibabaEcsProvider,
  tensorpool: tensorpoolProvider,
};
