import { failed, unknown, ok, type Check } from '../../contracts/health.ts';
import { ProviderError } from './errors.ts';
import type { Provider } from './provider.ts';

/** Every key begins with this, whichever installation made it. */
const KEY_PREFIX = 'mu-';

/**
 * Checks whether a worker can do its part at a provider: which credentials it has, whether the service answers, and whether
 * it may list and describe clusters. It only reads.
 */
export async function checkProvider(provider: Provider, region: string): Promise<Check[]> {
  const { name } = provider;
  const credentials = await tryRead(`${name}: credentials`, () => provider.identity());
  if (credentials.state !== 'ok') return [credentials];
  return [
    credentials,
    await tryRead(`${name} ${region}: list`, async () => {
      const count = (await provider.list(region, KEY_PREFIX)).length;
      return `answers; lists ${count} cluster${count === 1 ? '' : 's'} of Muster`;
    }),
    await tryRead(`${name} ${region}: describe`, async () => {
      await provider.observe(region, provider.nonexistentId, {});
      return 'allowed';
    }),
    unknown(`${name} ${region}: create, delete`, 'not tried: a check changes nothing'),
  ];
}

async function tryRead(subject: string, read: () => Promise<string>): Promise<Check> {
  try {
    return ok(subject, await read());
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return failed(subject, error.message, FIXES[error.kind] ?? "Look the provider's message up in its documentation.");
  }
}

const FIXES: Partial<Readonly<Record<ProviderError['kind'], string>>> = {
  unauthorized: "Give the provider's worker credentials that allow this. The provider's page in docs/ has the policy.",
  unavailable:
    "Check the region's name, the network of the provider's worker, and its MUSTER_..._ENDPOINT if it is set.",
  ambiguous: "Check the network of the provider's worker, and its MUSTER_..._ENDPOINT if it is set. Then try again.",
  throttled: 'The provider asks to slow down. Wait a minute and try again.',
};
