import { describe, expect, it } from 'vitest';
import { moveExpiry } from '../../../activities/providers/move-expiry.ts';
import { loadStep } from '../../../activities/providers/step-context.ts';
import { expiryAfter } from '../../../contracts/opening.ts';
import type { ProviderCase } from '../kit/case.ts';
import { beginRelease, extend, leased, type Leased } from '../kit/lease.ts';
import { expectOne } from '../kit/oracle.ts';
import { createWorld, type Books, type World } from '../kit/world.ts';
import { untilGone } from './leases.ts';

const DAY_MS = 24 * 3_600_000;

/** The vendor's own end of a cluster, a guard against leaks, never comes before the end of its lease. */
export function expiriesMoveAlong(providerCase: ProviderCase, books: () => Books): void {
  const { region, expiryCall } = providerCase;
  const moves = async ({ control }: World): Promise<number> =>
    expiryCall === null ? 0 : (await control.journal(expiryCall)).length;

  const expectWorking = async ({ provider }: World, { clusterId, creation }: Leased): Promise<void> => {
    const seen = await provider.observe(region, clusterId, null);
    expect(seen.nodesInService, creation.key).toBe(2);
  };

  if (expiryCall === null) {
    it('asks nothing of a vendor that ends no cluster by itself', async () => {
      const world = await createWorld(books(), providerCase);
      const lease = await leased(world);
      const before = (await world.control.journal()).length;
      await world.steps.moveExpiry(lease);
      expect(await world.control.journal()).toHaveLength(before);
    });
    return;
  }

  describe('a lease at a vendor that ends clusters by itself', () => {
    it.concurrent('ends by the vendor once nobody moves its end', async () => {
      const world = await createWorld(books(), providerCase);
      const lease = await leased(world);
      await world.control.advance(DAY_MS);
      await untilGone(world, lease);
    });

    it.concurrent('lives past its vendor-side expiry when it is extended', async () => {
      const world = await createWorld(books(), providerCase);
      const lease = await leased(world);
      const { key, clusterId } = lease;
      await extend(world, lease, 9 * DAY_MS);
      await world.steps.moveExpiry(lease);
      await world.control.advance(9 * DAY_MS);
      await expectWorking(world, lease);
      await expectOne(world, key, clusterId, 'leased');
      await world.control.advance(DAY_MS);
      await untilGone(world, lease);
    });

    it.concurrent('is moved once, and never back', async () => {
      const world = await createWorld(books(), providerCase);
      const lease = await leased(world);
      const { clusterId } = lease;
      const atMs = Date.now() + 9 * DAY_MS;
      await world.provider.moveExpiry?.(region, clusterId, atMs);
      expect(await moves(world)).toBe(2);
      await world.provider.moveExpiry?.(region, clusterId, atMs);
      await world.provider.moveExpiry?.(region, clusterId, atMs - DAY_MS);
      expect(await moves(world)).toBe(2);
      await world.control.advance(9 * DAY_MS - 120_000);
      await expectWorking(world, lease);
    });

    it.concurrent('is moved past now where its funded end has passed, so that what is kept lives', async () => {
      const world = await createWorld(books(), providerCase);
      const lease = await leased(world);
      const row = await world.providerLedger.read(lease.key);
      if (row === undefined) throw new Error('no row');
      const nowMs = (row.leaseUntilMs ?? 0) + DAY_MS;
      // Only a ledger that is a day older knows such a lease.
      const { provider, providerLedger: ledger, timing } = world;
      const context = await loadStep({ provider, ledger, timing }, lease.key);
      await moveExpiry({ ...context, row: { ...row, nowMs } }, lease.clusterId);
      await world.control.advance(expiryAfter(nowMs, row.deleteReserveMs) - Date.now() - 120_000);
      await expectWorking(world, lease);
    });

    it.concurrent('gets the furthest end that there is where it ends beyond', async () => {
      const world = await createWorld(books(), providerCase);
      const lease = await leased(world);
      const { clusterId } = lease;
      await world.provider.moveExpiry?.(region, clusterId, Date.now() + 4_000 * DAY_MS);
      await world.control.advance(1_090 * DAY_MS);
      await expectWorking(world, lease);
    });

    it.concurrent('passes over a node that has gone meanwhile, and a cluster that has', async () => {
      const world = await createWorld(books(), providerCase);
      const lease = await leased(world);
      const { clusterId } = lease;
      await world.control.addFaults({ operation: expiryCall, fault: providerCase.vendorFaults['not found'] });
      await world.provider.moveExpiry?.(region, clusterId, Date.now() + 9 * DAY_MS);
      expect(await moves(world)).toBe(2);
      await world.control.advance(DAY_MS);
      expect(await world.steps.inspectCluster(lease)).toMatchObject({ condition: 'degraded' });
      await world.control.vanish({ region, name: lease.key });
      await world.provider.moveExpiry?.(region, clusterId, Date.now() + 99 * DAY_MS);
      expect(await moves(world)).toBe(2);
    });

    it.concurrent('is left as it is while it is released', async () => {
      const world = await createWorld(books(), providerCase);
      const lease = await leased(world);
      await extend(world, lease, 9 * DAY_MS);
      await beginRelease(world, lease);
      await world.steps.moveExpiry(lease);
      expect(await moves(world)).toBe(0);
    });
  });
}
