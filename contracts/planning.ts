import type { LeaseTerms } from './creation.ts';
import type { Failure } from './failures.ts';
import { EXHAUSTED_PAUSE_MS, LEASE_SLICE_MS, SEND_CLAIM_MS } from './limits.ts';
import { costMicros } from './money.ts';
import { priceCapFailure } from './opening.ts';
import type { Plan, PlannedPlacement } from './plan.ts';
import { EXPIRY_PLACEHOLDER, type Json } from './providers/definition.ts';
import { definitionOf, type Placement } from './providers/registry.ts';
import type { ProvisioningRequest } from './request.ts';

/** Shortest claim and window with a faster simulator, ms: a process must still be able to make a call in it. */
const SHORTEST_MS = 2_000;

/** The hourly price of a placement: the request's own, or the catalogue's; otherwise the types without a price. */
function priceOf(placement: Placement): { hourlyMicros: number; source: string } | { unknown: string[] } {
  if (placement.hourlyPriceMicros !== undefined) {
    return { hourlyMicros: placement.hourlyPriceMicros, source: 'stated by the request' };
  }
  const definition = definitionOf(placement.provider);
  const rows = definition.units(placement).map((unit) => ({
    unit,
    price: definition.prices.find((row) => row.region === placement.region && row.instanceType === unit.instanceType),
  }));
  const unknown = rows.filter(({ price }) => price === undefined).map(({ unit }) => unit.instanceType);
  if (unknown.length > 0) return { unknown: [...new Set(unknown)] };
  return {
    hourlyMicros: rows.reduce((sum, { unit, price }) => sum + unit.count * (price?.hourlyMicros ?? 0), 0),
    source: rows[0]?.price?.source ?? 'nothing bills',
  };
}

/**
 * Plans a request: a price, a hold and the provider's call for each placement. It is pure.
 * @param bodyHash hash of the parsed request
 * @param speed how much faster than real the providers' time runs; 1 except for local simulators
 */
export function planRequest(request: ProvisioningRequest, bodyHash: string, speed: number): Plan | Failure {
  const placements: PlannedPlacement[] = [];
  const missing: string[] = [];
  request.placements.forEach((placement, placementIndex) => {
    const price = priceOf(placement);
    if ('unknown' in price) {
      missing.push(
        `placements[${placementIndex}]: no price is known for ${price.unknown.join(', ')} at ${placement.provider} in ` +
          `${placement.region}; state hourlyPriceMicros (the whole cluster's, micro-dollars an hour)`,
      );
      return;
    }
    const definition = definitionOf(placement.provider);
    const call = definition.resolveCall(placement, request.requestId);
    const leaseMs = request.durationMs ?? LEASE_SLICE_MS;
    const faster = (ms: number): number => Math.max(SHORTEST_MS, Math.ceil(ms / speed));
    placements.push({
      placementIndex,
      provider: placement.provider,
      region: placement.region,
      hourlyMicros: price.hourlyMicros,
      priceSource: price.source,
      ...capOf(placement, price.hourlyMicros),
      holdMicros: costMicros(
        Math.ceil(price.hourlyMicros * definition.priceHeadroom),
        request.readyTimeoutMs + definition.deleteReserveMs + leaseMs,
      ),
      nodesWanted: definition.nodesWanted(placement),
      call,
      readyTimeoutMs: request.readyTimeoutMs,
      deleteReserveMs: definition.deleteReserveMs,
      lateClusterWindowMs: speed === 1 ? definition.lateClusterWindowMs : faster(definition.lateClusterWindowMs),
      claimMs: speed === 1 ? SEND_CLAIM_MS : faster(SEND_CLAIM_MS),
      leaseMs,
      terms: termsOf(request, call),
    });
  });
  if (missing.length > 0) return { type: 'UnknownPrice', message: missing.join('\n') };
  return {
    requestId: request.requestId,
    team: request.team,
    bodyHash,
    placements,
    onDeadline: request.policies.onDeadline,
    whenExhausted: request.policies.whenExhausted,
    exhaustedPauseMs: Math.max(SHORTEST_MS, Math.ceil(EXHAUSTED_PAUSE_MS / speed)),
  };
}

/** A placement's cap, and its refusal when the known price is higher. */
function capOf(
  { maxHourlyPriceMicros: cap }: Placement,
  hourlyMicros: number,
): Pick<PlannedPlacement, 'maxHourlyMicros' | 'refusal'> {
  return { maxHourlyMicros: cap ?? null, refusal: priceCapFailure(hourlyMicros, cap ?? null) };
}

const termsOf = (request: ProvisioningRequest, call: Json): LeaseTerms => ({
  durationMs: request.durationMs ?? null,
  sliceMs: LEASE_SLICE_MS,
  onUnfunded: request.policies.onUnfunded,
  onBroken: request.policies.onBroken,
  request: request.policies.onBroken === 'reprovision' ? (request as LeaseTerms['request']) : null,
  vendorExpiry: JSON.stringify(call).includes(EXPIRY_PLACEHOLDER),
});
