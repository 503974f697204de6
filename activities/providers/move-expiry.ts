import { expiryAfter } from '../../contracts/opening.ts';
import type { StepContext } from './step-context.ts';

const HOUR_MS = 3_600_000;

/**
 * Moves the provider's own expiry of a leased cluster past the lease's funded end, at providers that have one. The expiry
 * guards against forgotten clusters and must never end a wanted one. So a lease that is kept beyond its funded end gets an
 * expiry that counts from now, in whole hours: a second try then continues where the first one stopped.
 */
export async function moveExpiry({ provider, row }: StepContext, clusterId: string): Promise<void> {
  const { region, call, leaseUntilMs, deleteReserveMs, nowMs } = row;
  if (row.state !== 'leased' || row.clusterId !== clusterId || leaseUntilMs === null) return;
  const keptUntilMs = Math.max(leaseUntilMs, Math.ceil(nowMs / HOUR_MS) * HOUR_MS);
  await provider.moveExpiry?.(region, clusterId, expiryAfter(keptUntilMs, deleteReserveMs), call);
}
