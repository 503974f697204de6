import { failed, unknown, ok, type Check } from '../../contracts/health.ts';
import { ProviderError } from './errors.ts';
import type { Provider } from './provider.ts';

/** Every key begins with this, so it finds all clusters that Muster made, whichever installation did. */
const KEY_PREFIX = 'mu-';

/**
 * Looks whether a worker can do its part at a provider: whose credentials it has, whether the service answers, and
 * whether it may list and describe. Reads only: nothing is created or changed.
 */
export async function checkProvider(provider: Provider, region: string): Promise<Check[]> {
  const { name } = provider;
  const credentials = await tried(`${name}: credentials`, () => provider.identity());
  if (credentials.state !== 'ok') return [credentials];
  return [
    credentials,
    await tried(`${name} ${region}: list`, async () => {
      const count = (await provider.list(region, KEY_PREFIX)).length;
      return `answers; ${count} cluster${count === 1 ? '' : 's'} of Muster's there now`;
    }),
    await tried(`${name} ${region}: describe`, async () => {
      await provider.observe(region, provider.nonexistentId, {});
      return 'allowed';
    }),
    unknown(`${name} ${region}: create, delete`, 'not tried: only doing it would tell'),
  ];
}

async function tried(subject: string, look: () => Promise<string>): Promise<Check> {
  try {
    return ok(subject, await look());
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return failed(
      subject,
      error.message,
      MEND[error.kind] ?? 'Ask the provider what this means; its own words stand above.',
    );
  }
}

const MEND: Partial<Readonly<Record<ProviderError['kind'], string>>> = {
  unauthorized: "Give the provider's worker credentials that allow this; the provider's page in docs/ has the policy.",
  unavailable:
    "Check the region's name, the network of the provider's worker, and its MUSTER_..._ENDPOINT if it is set.",
  ambiguous: "Check the network of the provider's worker, and its MUSTER_..._ENDPOINT if it is set; then ask again.",
  throttled: 'The provider asks to slow down: wait a minute, then ask again.',
};
