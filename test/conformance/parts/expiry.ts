import { describe, expect, it } from 'vitest';
import { moveExpiry } from '../../../activities/providers/move-expiry.ts';
import { loadStep } from '../../../activities/providers/step-context.ts';
import { expiryAfter } from '../../../contracts/opening.ts';
import type { ProviderCase } from '../kit/case.ts';
import { beginRelease, extendHold, leaseCluster, type LeasedCluster } from '../kit/lease.ts';
import { expectOneCluster } from '../kit/expectations.ts';
import { createWorld, type Fixture, type World } from '../kit/world.ts';
import { untilGone } from './leases.ts';

const DAY_MS = 24 * 3_600_000;

/** The vendor's own expiry guards against forgotten clusters. It never comes before the end of the lease. */
export function expiries(providerCase: ProviderCase, fixture: () => Fixture): void {
  const { region, expiryCall } = providerCase;
  const moves = async ({ control }: World): Promise<number> =>
    expiryCall === null ? 0 : (await control.journal(expiryCall)).length;

  const expectWorking = async ({ provider }: World, { clusterId, creation }: LeasedCluster): Promise<void> => {
    const seen = await provider.observe(region, clusterId, null);
    expect(seen.nodesInService, creation.key).toBe(2);
  };

  if (expiryCall === null) {
    it('makes no call at a vendor without expiries', async () => {
      const world = await createWorld(fixture(), providerCase);
      const lease = await leaseCluster(world);
      const before = (await world.control.journal()).length;
      await world.steps.moveExpiry(lease);
      expect(await world.control.journal()).toHaveLength(before);
    });
    return;
  }

  describe('a lease at a vendor with expiries', () => {
    it.concurrent('is ended by the vendor when its expiry is not moved', async () => {
      const world = await createWorld(fixture(), providerCase);
      const lease = await leaseCluster(world);
      await world.control.advance(DAY_MS);
      await untilGone(world, lease);
    });

    it.concurrent('outlives its first expiry when it is extended', async () => {
      const world = await createWorld(fixture(), providerCase);
      const lease = await leaseCluster(world);
      const { key, clusterId } = lease;
      await extendHold(world, lease, 9 * DAY_MS);
      await world.steps.moveExpiry(lease);
      await world.control.advance(9 * DAY_MS);
      await expectWorking(world, lease);
      await expectOneCluster(world, key, clusterId, 'leased');
      await world.control.advance(DAY_MS);
      await untilGone(world, lease);
    });

    it.concurrent('has its expiry moved once, and never to an earlier time', async () => {
      const world = await createWorld(fixture(), providerCase);
      const lease = await leaseCluster(world);
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

    it.concurrent('has its expiry moved past the present when its funded end has passed', async () => {
      const world = await createWorld(fixture(), providerCase);
      const lease = await leaseCluster(world);
      const row = await world.providerLedger.read(lease.key);
      if (row === undefined) throw new Error('no row');
      const nowMs = (row.leaseUntilMs ?? 0) + DAY_MS;
      // A lease whose funded end passed a day ago.
      const { provider, providerLedger: ledger, timing } = world;
      const context = await loadStep({ provider, ledger, timing }, lease.key);
      await moveExpiry({ ...context, row: { ...row, nowMs } }, lease.clusterId);
      await world.control.advance(expiryAfter(nowMs, row.deleteReserveMs) - Date.now() - 120_000);
      await expectWorking(world, lease);
    });

    it.concurrent('gets the furthest expiry that the vendor accepts when it lasts longer', async () => {
      const world = await createWorld(fixture(), providerCase);
      const lease = await leaseCluster(world);
      const { clusterId } = lease;
      await world.provider.moveExpiry?.(region, clusterId, Date.now() + 4_000 * DAY_MS);
      await world.control.advance(1_090 * DAY_MS);
      await expectWorking(world, lease);
    });

    it.concurrent('skips a node or a cluster that has gone', async () => {
      const world = await createWorld(fixture(), providerCase);
      const lease = await leaseCluster(world);
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

    it.concurrent('keeps its expiry while it is released', async () => {
      const world = await createWorld(fixture(), providerCase);
      const lease = await leaseCluster(world);
      await extendHold(world, lease, 9 * DAY_MS);
      await beginRelease(world, lease);
      await world.steps.moveExpiry(lease);
      expect(await moves(world)).toBe(0);
    });
  });
}
