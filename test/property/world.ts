import type { LedgerActivities, ProviderActivities } from '../../contracts/activities.ts';
import type { Ledger } from '../../activities/ledger/ledger.ts';
import type { MonitorLedger } from '../../activities/ledger/monitor-ledger.ts';
import type { Provider } from '../../activities/providers/provider.ts';
import type { ProviderLedger } from '../../activities/ledger/provider-ledger.ts';
import type { LeaseTerms } from '../../contracts/creation.ts';
import type { Plan, PlannedPlacement } from '../../contracts/plan.ts';
import type { IdempotencyClass } from '../../contracts/providers/definition.ts';
import { aRequest } from '../builders/request.ts';
import { REAL_CODE, type CodeUnderTest } from './code-under-test.ts';
import type { Lane, Snapshot } from './database.ts';
import { ownerWorkflows } from './owner-workflows.ts';
import { ledgerPort, timingOf, providerPort, providerLedgerPort, monitorLedgerPort, type Execution } from './ports.ts';
import { Random } from './random.ts';
import type { HistoryPoint } from './request.ts';
import { Scheduler, type Actor } from './scheduler.ts';
import { Temporal } from './temporal.ts';
import { LATE_CLUSTER_WINDOW_MS, Vendor } from './vendor.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOURLY_MICROS = 3_600_000;

/** A broken promise of the system. Its message tells everything that led there. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly idempotency: IdempotencyClass;
  readonly seed: number;

  constructor(world: { readonly providerName: IdempotencyClass; readonly seed: number }, message: string) {
    super(message);
    this.idempotency = world.providerName;
    this.seed = world.seed;
  }
}

export interface WorldOptions {
  readonly seed: number;
  readonly idempotency: IdempotencyClass;
  readonly lane: Lane;
  readonly code?: CodeUnderTest;
  /** Random where it is left out. */
  readonly machinesStop?: boolean | undefined;
}

/** One request, everything that acts on it, and what they share. */
export class World {
  readonly seed: number;
  readonly random: Random;
  readonly scheduler = new Scheduler();
  readonly temporal: Temporal;
  readonly vendor: Vendor;
  readonly code: CodeUnderTest;
  readonly plan: Plan;
  readonly terms: LeaseTerms;
  readonly claimMs = MINUTE;
  readonly providerName: IdempotencyClass;
  readonly limitMicros: number;
  /** How often something from outside disturbs the world: a share of all actions. */
  readonly disturbanceRate: number;
  /** Whether whole machines may stop between the adapter's look at its clock and the wire. */
  readonly machinesStop: boolean;
  readonly histories: (readonly HistoryPoint[])[] = [];
  readonly trace: string[] = [];
  /** The answers and transitions that have happened: they show that the worlds differ from each other. */
  readonly covered = new Set<string>();
  /** Whether faults still happen. */
  faults = true;
  orders = 0;
  heldMicros = 0;
  /** What the oracle last read of the ledger. */
  seen: Snapshot | undefined;
  #violation: string | undefined;
  #touched = true;
  readonly #lane: Lane;

  constructor({ seed, idempotency, lane, code = REAL_CODE, machinesStop }: WorldOptions) {
    this.seed = seed;
    this.#lane = lane;
    this.code = code;
    this.providerName = idempotency;
    // Each class has its own worlds.
    this.random = new Random(3 * seed + ['token', 'unique-name', 'neither'].indexOf(idempotency));
    this.disturbanceRate = this.random.pick([0.02, 0.05, 0.1, 0.2]);
    const stops = this.random.chance(0.15);
    this.machinesStop = machinesStop ?? stops;
    this.terms = termsOf(this.random);
    this.plan = planOf(this.random, idempotency, this.terms);
    this.limitMicros = Math.round((this.plan.placements[0]?.holdMicros ?? 0) * this.random.pick([1, 1.4, 3, 10]));
    this.temporal = new Temporal(this);
    this.vendor = new Vendor({
      idempotency,
      random: this.random,
      clock: this.scheduler,
      faulty: () => this.faults,
      code,
      tokenMemoryMs: this.random.pick([30_000, 3 * MINUTE, HOUR]),
      onForeignDelete: (cluster) => {
        this.violate(`a stranger's cluster ${cluster.name} is deleted`);
      },
    });
  }

  note(text: string): void {
    this.trace.push(`${((this.scheduler.nowMs - Date.UTC(2026, 0, 5)) / 1_000).toFixed(1).padStart(8)} s  ${text}`);
  }

  /** Keeps the first violation. The driver throws it after the action. */
  violate(what: string): void {
    this.#violation ??= what;
    this.note(`VIOLATION: ${what}`);
  }

  throwIfViolated(): void {
    if (this.#violation === undefined) return;
    throw new Violation(
      this,
      `class ${this.providerName}, seed ${this.seed}: ${this.#violation}\n${this.trace.slice(-160).join('\n')}`,
    );
  }

  /** The ledger has changed: the oracle reads it again. */
  touched(): void {
    this.#touched = true;
  }

  takeTouched(): boolean {
    const touched = this.#touched;
    this.#touched = false;
    return touched;
  }

  /** How a run of the request has ended, with nothing left of the request. */
  ended: 'failed' | 'cancelled' | undefined;

  takeEnded(): 'failed' | 'cancelled' | undefined {
    const { ended } = this;
    this.ended = undefined;
    return ended;
  }

  snapshot(): Promise<Snapshot> {
    return this.scheduler.io(() => this.#lane.snapshot(this.#now));
  }

  /** Something that a person or a machine does beside the workflows. A broken connection ends it. */
  background(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET')) this.violate(String(error));
    });
  }

  readonly #now = (): number => this.scheduler.nowMs;

  ledgerOf(actor: Actor): Ledger {
    return ledgerPort(this, actor, this.#lane.ledger(this.#now));
  }

  ledgerSteps(by: Execution): LedgerActivities {
    return this.code.ledgerActivities(this.ledgerOf(by), ownerWorkflows(this, by));
  }

  providerPorts(by: Execution, name: string): { provider: Provider; providerLedger: ProviderLedger } {
    return {
      provider: providerPort(this, by, name),
      providerLedger: providerLedgerPort(this, by, this.#lane.provider(name, this.#now)),
    };
  }

  providerSteps(by: Execution, name: string): ProviderActivities {
    const { provider, providerLedger } = this.providerPorts(by, name);
    return this.code.providerActivities(provider, providerLedger, timingOf(this, by), {
      fallbackMs: () => Promise.resolve(this.random.pick([20_000, 2 * MINUTE, HOUR])),
      check: () => Promise.resolve([]),
      auditRegion: () => Promise.reject(new RangeError('no actor of these worlds audits a region')),
    });
  }

  monitorLedgerOf(by: Execution, name: string): MonitorLedger {
    return monitorLedgerPort(this, by, this.#lane.provider(name, this.#now), name);
  }
}

/** A lease lasts two hours, or has no end and is funded two hours at a time. */
const LEASE_MS = 2 * HOUR;

const termsOf = (random: Random): LeaseTerms => ({
  durationMs: random.pick([LEASE_MS, null]),
  sliceMs: LEASE_MS,
  onUnfunded: random.pick(['release', 'park'] as const),
  onBroken: random.pick(['park', 'release', 'reprovision'] as const),
  request: aRequest('r') as unknown as LeaseTerms['request'],
  vendorExpiry: false,
});

function planOf(random: Random, idempotency: IdempotencyClass, terms: LeaseTerms): Plan {
  const readyTimeoutMs = 10 * MINUTE;
  const deleteReserveMs = 5 * MINUTE;
  const leaseMs = LEASE_MS;
  const placement = (placementIndex: number): PlannedPlacement => ({
    placementIndex,
    provider: idempotency,
    region: `region-${placementIndex}`,
    hourlyMicros: HOURLY_MICROS,
    priceSource: 'test',
    maxHourlyMicros: null,
    refusal: null,
    holdMicros: readyTimeoutMs + deleteReserveMs + leaseMs,
    nodesWanted: 1,
    call: { name: '{{key}}' },
    readyTimeoutMs,
    deleteReserveMs,
    lateClusterWindowMs: LATE_CLUSTER_WINDOW_MS,
    claimMs: MINUTE,
    leaseMs,
    terms,
  });
  const placements = Array.from({ length: random.between(1, 3) }, (_, index) => placement(index));
  return {
    ...{ requestId: 'r', team: 't', bodyHash: 'h', placements },
    onDeadline: random.pick(['next', 'fail'] as const),
    whenExhausted: 'fail',
    exhaustedPauseMs: MINUTE,
  };
}
