import { expect, it } from 'vitest';
import { checkProvider } from '../../../activities/providers/check-provider.ts';
import type { ProviderCase } from '../kit/case.ts';
import { faultOf } from '../kit/faults.ts';
import { live } from '../kit/life.ts';
import { createWorld, type Books } from '../kit/world.ts';

/** What a look at the provider itself finds, and that it changes nothing. */
export function checksOnlyLook(providerCase: ProviderCase, books: () => Books): void {
  const { name, region, createCall, deleteCall, listCall } = providerCase;

  it.concurrent('a provider that is well is found well, with the clusters that are there', async () => {
    const world = await createWorld(books(), providerCase);
    await live(world, await world.open());
    const before = (await world.control.journal()).length;
    const checks = await checkProvider(world.provider, region);
    expect(checks.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'unknown']);
    expect(checks[1]).toMatchObject({
      subject: `${name} ${region}: list`,
      detail: expect.stringContaining('1 cluster ') as string,
    });
    const calls = (await world.control.journal()).slice(before).map(({ operation }) => operation);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls).not.toContain(createCall);
    expect(calls).not.toContain(deleteCall);
  });

  it.concurrent('a right that is missing is named, with how to mend it', async () => {
    const world = await createWorld(books(), providerCase);
    await world.control.addFaults({
      operation: listCall,
      fault: faultOf('access denied', providerCase),
      times: 'always',
    });
    const checks = await checkProvider(world.provider, region);
    expect(checks[1]).toMatchObject({ state: 'failed', fix: expect.stringContaining('credentials') as string });
    expect(checks[2]).toMatchObject({ state: 'ok' });
  });

  it.concurrent('a provider that does not answer is ill', async () => {
    const world = await createWorld(books(), providerCase);
    const checks = await checkProvider(world.adapterAt('http://127.0.0.1:1'), region);
    expect(checks[1]).toMatchObject({ state: 'failed', fix: expect.stringContaining('network') as string });
  });
}
