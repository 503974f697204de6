import { expect, it } from 'vitest';
import { checkProvider } from '../../../activities/providers/check-provider.ts';
import type { ProviderCase } from '../kit/case.ts';
import { faultOf } from '../kit/faults.ts';
import { runToEnd } from '../kit/creation-run.ts';
import { createWorld, type Fixture } from '../kit/world.ts';

/** The health check of a provider: what it finds, and that it changes nothing. */
export function providerChecks(providerCase: ProviderCase, fixture: () => Fixture): void {
  const { name, region, createCall, deleteCall, listCall } = providerCase;

  it.concurrent('reports a provider that works as ok, with the number of its clusters', async () => {
    const world = await createWorld(fixture(), providerCase);
    await runToEnd(world, await world.open());
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

  it.concurrent('names a missing right and its fix', async () => {
    const world = await createWorld(fixture(), providerCase);
    await world.control.addFaults({
      operation: listCall,
      fault: faultOf('access denied', providerCase),
      times: 'always',
    });
    const checks = await checkProvider(world.provider, region);
    expect(checks[1]).toMatchObject({ state: 'failed', fix: expect.stringContaining('credentials') as string });
    expect(checks[2]).toMatchObject({ state: 'ok' });
  });

  it.concurrent('reports a provider that does not answer as failed', async () => {
    const world = await createWorld(fixture(), providerCase);
    const checks = await checkProvider(world.adapterAt('http://127.0.0.1:1'), region);
    expect(checks[1]).toMatchObject({ state: 'failed', fix: expect.stringContaining('network') as string });
  });
}
