import { expect } from 'vitest';
import type { Creation } from '../../../contracts/creation.ts';
import { costMicros } from '../../../contracts/money.ts';
import type { Birth } from '../../../simulators/index.ts';
import type { World } from './world.ts';

/** Every birth under a name, by the vendor's own book. */
export async function birthsOf(world: World, name: string): Promise<Birth[]> {
  return (await world.control.births()).filter((birth) => birth.name === name);
}

export const living = (births: readonly Birth[]): string[] =>
  births.filter(({ goneAtMs }) => goneAtMs === null).map(({ id }) => id);

/** What always holds: a sound ledger, never two clusters of a key at once, and no call sent twice by the SDK. */
export async function expectSound(world: World, key: string): Promise<Birth[]> {
  expect(await world.ledger.audit()).toEqual([]);
  const births = await birthsOf(world, key);
  for (const [index, later] of births.entries()) {
    for (const earlier of births.slice(0, index)) {
      expect(earlier.goneAtMs ?? Infinity, `${earlier.id} lived beside ${later.id}`).toBeLessThanOrEqual(
        later.createdAtMs,
      );
    }
  }
  const calls = await world.control.journal();
  const ids = calls.map(({ invocationId }) => invocationId).filter((id) => id !== null);
  expect(new Set(ids).size, 'each logical call was sent once').toBe(ids.length);
  expect(calls.filter(({ attempt }) => (attempt ?? 1) > 1)).toEqual([]);
  return births;
}

/** One cluster was ever born, and it lives under this id. */
export async function expectOne(
  world: World,
  key: string,
  clusterId: string,
  state: 'open' | 'leased' = 'open',
): Promise<void> {
  const births = await expectSound(world, key);
  expect(births).toHaveLength(1);
  expect(living(births)).toEqual([clusterId]);
  expect(await world.providerLedger.read(key)).toMatchObject({ clusterId, state });
}

/** Nothing was ever born. */
export async function expectNone(world: World, key: string): Promise<void> {
  expect(await expectSound(world, key)).toEqual([]);
}

/** Nothing lives, and what was booked pays for every cluster from its birth to its end. */
export async function expectSettled(world: World, settled: Creation): Promise<void> {
  expect(settled.state).toBe('absent');
  const births = await expectSound(world, settled.key);
  expect(living(births)).toEqual([]);
  let lived = 0;
  for (const birth of births) {
    const sinceMs = (await world.case.billsSince?.(world.control, birth)) ?? birth.createdAtMs;
    lived += Math.max(0, (birth.goneAtMs ?? Infinity) - sinceMs);
  }
  expect(settled.costMicros).toBeGreaterThanOrEqual(costMicros(settled.hourlyMicros, lived));
}
