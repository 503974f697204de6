import type { Ledger } from '../../activities/ledger/ledger.ts';
import type { MonitorLedger } from '../../activities/ledger/monitor-ledger.ts';
import type { ProviderLedger } from '../../activities/ledger/provider-ledger.ts';
import type { Provider } from '../../activities/providers/provider.ts';
import type { OwnerWorkflows } from '../../activities/temporal/owner-workflows.ts';
import type { LedgerActivities, ProviderActivities } from '../../contracts/activities.ts';
import type { LeaseTerms } from '../../contracts/creation.ts';
import type { Plan } from '../../contracts/plan.ts';
import type { State } from '../../workflows/provision/state.ts';
import type { Lane, Snapshot } from './database.ts';
import { planOf, termsOf } from './plan.ts';
import { ledgerPort, monitorLedgerPort, providerLedgerPort, providerPort, timingOf, type Execution } from './ports.ts';
import type { Actor } from './scheduler.ts';
import { Surroundings, type SurroundingsOptions } from './surroundings.ts';
import { Temporal } from './temporal.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A point of a run's history that a Reset may go back to. */
export interface HistoryPoint {
  readonly state: State;
  readonly cancelSeen: boolean;
  readonly cancelRequested: boolean;
}

export interface WorldOptions extends SurroundingsOptions {
  readonly lane: Lane;
  /** Starts the workflows that own creations, for an actor. */
  readonly owners: (world: World, actor: Actor) => OwnerWorkflows;
}

/** One request, and everything that acts on it. */
export class World extends Surroundings {
  readonly temporal = new Temporal(this);
  readonly terms: LeaseTerms;
  readonly plan: Plan;
  readonly limitMicros: number;
  readonly histories: (readonly HistoryPoint[])[] = [];
  orders = 0;
  heldMicros = 0;
  /** What the oracle last read of the ledger. */
  seen: Snapshot | undefined;
  /** How a run of the request has ended, with nothing left of the request. */
  ended: 'failed' | 'cancelled' | undefined;
  readonly #lane: Lane;
  readonly #owners: WorldOptions['owners'];

  constructor(options: WorldOptions) {
    super(options);
    this.#lane = options.lane;
    this.#owners = options.owners;
    this.terms = termsOf(this.random);
    this.plan = planOf(this.random, this.idempotency, this.terms);
    this.limitMicros = Math.round((this.plan.placements[0]?.holdMicros ?? 0) * this.random.pick([1, 1.4, 3, 10]));
  }

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

  owners(actor: Actor): OwnerWorkflows {
    return this.#owners(this, actor);
  }

  ledgerOf(actor: Actor): Ledger {
    return ledgerPort(this, actor, this.#lane.ledger(this.#now));
  }

  ledgerSteps(by: Execution): LedgerActivities {
    return this.code.ledgerActivities(this.ledgerOf(by), this.owners(by));
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
      fallbackMs: () => Promise.resolve(this.random.pick([20 * SECOND, 2 * MINUTE, HOUR])),
      check: () => Promise.resolve([]),
      auditRegion: () => Promise.reject(new RangeError('no actor of these worlds audits a region')),
    });
  }

  monitorLedgerOf(by: Execution, name: string): MonitorLedger {
    return monitorLedgerPort(this, by, this.#lane.provider(name, this.#now), name);
  }
}
