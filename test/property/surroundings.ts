import type { IdempotencyClass } from '../../contracts/providers/definition.ts';
import type { CodeUnderTest } from './code-under-test.ts';
import { Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { Vendor } from './vendor.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A broken promise of the system. Its message tells everything that led there. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly idempotency: IdempotencyClass;
  readonly seed: number;

  constructor({ idempotency, seed }: Pick<Surroundings, 'idempotency' | 'seed'>, message: string) {
    super(message);
    this.idempotency = idempotency;
    this.seed = seed;
  }
}

export interface SurroundingsOptions {
  readonly seed: number;
  readonly idempotency: IdempotencyClass;
  readonly code: CodeUnderTest;
  /** Random where it is left out. */
  readonly machinesStop?: boolean | undefined;
}

/** What all actors of a world share: chance, time, the vendor, and the record of what has happened. */
export class Surroundings {
  readonly seed: number;
  /** Class of the vendor; the name of its provider too. */
  readonly idempotency: IdempotencyClass;
  readonly code: CodeUnderTest;
  readonly random: Random;
  readonly scheduler = new Scheduler();
  readonly vendor: Vendor;
  readonly claimMs = MINUTE;
  /** How often something from outside disturbs the world: a share of all actions. */
  readonly disturbanceRate: number;
  /** Whether whole machines may stop between the adapter's look at its clock and the wire. */
  readonly machinesStop: boolean;
  readonly trace: string[] = [];
  /** The answers and transitions that have happened: they show that the worlds differ from each other. */
  readonly covered = new Set<string>();
  /** Whether faults still happen. */
  faults = true;
  #violation: string | undefined;
  #ledgerChanged = true;

  constructor({ seed, idempotency, code, machinesStop }: SurroundingsOptions) {
    this.seed = seed;
    this.idempotency = idempotency;
    this.code = code;
    // Each class has its own worlds.
    this.random = new Random(3 * seed + ['token', 'unique-name', 'neither'].indexOf(idempotency));
    this.disturbanceRate = this.random.pick([0.02, 0.05, 0.1, 0.2]);
    const stops = this.random.chance(0.15);
    this.machinesStop = machinesStop ?? stops;
    this.vendor = new Vendor({
      idempotency,
      random: this.random,
      clock: this.scheduler,
      faulty: () => this.faults,
      code,
      tokenMemoryMs: this.random.pick([30 * SECOND, 3 * MINUTE, HOUR]),
      onForeignDelete: (cluster) => {
        this.violate(`a stranger's cluster ${cluster.name} is deleted`);
      },
    });
  }

  note(text: string): void {
    const seconds = ((this.scheduler.nowMs - Date.UTC(2026, 0, 5)) / SECOND).toFixed(1);
    this.trace.push(`${seconds.padStart(8)} s  ${text}`);
  }

  /** Keeps the first violation. The driver throws it after the action. */
  violate(what: string): void {
    this.#violation ??= what;
    this.note(`VIOLATION: ${what}`);
  }

  throwIfViolated(): void {
    if (this.#violation === undefined) return;
    const head = `class ${this.idempotency}, seed ${this.seed}: ${this.#violation}`;
    throw new Violation(this, `${head}\n${this.trace.slice(-160).join('\n')}`);
  }

  /** Something has written to the ledger: the oracle reads it again. */
  noteLedgerChange(): void {
    this.#ledgerChanged = true;
  }

  /** Whether the ledger may have changed since the last call. */
  takeLedgerChange(): boolean {
    const changed = this.#ledgerChanged;
    this.#ledgerChanged = false;
    return changed;
  }
}
