import { ApplicationFailure } from '@temporalio/common';
import type { HintSignal } from '../../contracts/messages.ts';
import type { Execution } from './ports.ts';
import { takeTurn } from './ports.ts';
import { never, Trigger, type Actor } from './scheduler.ts';
import type { Surroundings } from './surroundings.ts';

const MINUTE = 60_000;

/** How a run of a workflow closed. */
export type Closed = 'completed' | 'failed' | 'cancelled' | 'terminated';

/** A run of a workflow. A terminated run stops wherever it waits. */
export class Run implements Actor {
  readonly cancelRequested = new Trigger();
  readonly released = new Trigger();
  /** The phase in its search attributes. */
  phase: string | undefined;
  /** Hints of the monitor that no check has followed yet. */
  readonly hints: HintSignal[] = [];
  #onHint = new Trigger();
  readonly name: string;
  readonly workflowId: string;
  closed: Closed | undefined;

  constructor(name: string, workflowId: string) {
    this.name = name;
    this.workflowId = workflowId;
  }

  hint(hint: HintSignal): void {
    this.hints.push(hint);
    this.#onHint.fire();
    this.#onHint = new Trigger();
  }

  /** The next hint. */
  get nextHint(): Promise<void> {
    return this.#onHint.whenFired;
  }

  /** Waits for something. After the run has closed nothing comes any more. */
  async waitFor<T>(something: Promise<T>): Promise<T> {
    try {
      const value = await something;
      return this.closed === undefined ? value : await never<T>();
    } catch (error) {
      if (this.closed !== undefined) return never<T>();
      throw error;
    }
  }
}

/** Thrown by a cancelled step. */
export class Interrupted extends Error {}

/** A Temporal server, as far as it matters here: one running run for each workflow id, and how the last one closed. */
export class Temporal {
  readonly #running = new Map<string, Run>();
  readonly #last = new Map<string, { readonly closed: Closed; readonly atMs: number }>();
  readonly world: Surroundings;
  #count = 0;

  constructor(world: Surroundings) {
    this.world = world;
  }

  running(workflowId: string): Run | undefined {
    return this.#running.get(workflowId);
  }

  runs(): readonly Run[] {
    return [...this.#running.values()];
  }

  /** How the last run closed; undefined while one runs, and where none ever ran. */
  lastClosed(workflowId: string): { readonly closed: Closed; readonly atMs: number } | undefined {
    return this.#running.has(workflowId) ? undefined : this.#last.get(workflowId);
  }

  /** Starts a run, or returns the running one. */
  start(workflowId: string, body: (run: Run) => Promise<Closed>): Run {
    const current = this.#running.get(workflowId);
    if (current !== undefined) return current;
    this.#count += 1;
    const run = new Run(`${workflowId.slice(0, workflowId.indexOf('/'))}~${this.#count}`, workflowId);
    this.#running.set(workflowId, run);
    this.world.note(`${run.name} starts`);
    void run.waitFor(body(run)).then(
      (closed) => {
        this.#close(run, closed);
      },
      (error: unknown) => {
        this.world.violate(
          `${run.name} broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      },
    );
    return run;
  }

  terminate(run: Run): void {
    this.#close(run, 'terminated');
    this.world.scheduler.drop(run);
  }

  #close(run: Run, closed: Closed): void {
    if (run.closed !== undefined) return;
    run.closed = closed;
    this.#running.delete(run.workflowId);
    this.#last.set(run.workflowId, { closed, atMs: this.world.scheduler.nowMs });
    this.world.note(`${run.name} ${closed}`);
  }
}

export interface StepOptions {
  readonly startToCloseMs: number;
  readonly firstBackoffMs: number;
  readonly maxBackoffMs: number;
  /** Attempts before the step fails with the last failure; no bound where it is left out. */
  readonly maxAttempts?: number;
  /** What a cancel of the step does with a running attempt. */
  readonly onCancel: 'wait' | 'abandon';
}

export const LEDGER_STEP = { startToCloseMs: MINUTE, firstBackoffMs: 500, maxBackoffMs: 30_000 };
export const CREATE_STEP = { startToCloseMs: 3 * MINUTE, firstBackoffMs: 1_000, maxBackoffMs: MINUTE };
export const READINESS_STEP = { startToCloseMs: 3 * MINUTE, firstBackoffMs: 2_000, maxBackoffMs: MINUTE };
export const ABSENCE_STEP = { startToCloseMs: 5 * MINUTE, firstBackoffMs: 1_000, maxBackoffMs: 2 * MINUTE };

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);

type Reply<T> = { readonly value: T } | { readonly error: unknown } | 'timeout' | 'interrupted';

/**
 * An activity: attempt after attempt until one succeeds or fails for good. An abandoned attempt goes on at its worker,
 * and a reply may be lost although the attempt took effect.
 */
export async function activity<T>(
  world: Surroundings,
  run: Run,
  name: string,
  options: StepOptions,
  perform: (execution: Execution) => Promise<T>,
  interruption?: Trigger,
): Promise<T> {
  const { scheduler } = world;
  let backoffMs = 0;
  let nameTaken = false;
  for (let attempt = 1; ; attempt += 1) {
    if (interruption?.fired) throw new Interrupted();
    // A stranger has the name: this waits for an operator, and does not keep the world busy.
    const backoff = scheduler.timer(run, `${name} is due`, backoffMs, nameTaken);
    const waits: Promise<unknown>[] = interruption ? [backoff.elapsed, interruption.whenFired] : [backoff.elapsed];
    await run.waitFor(Promise.race(waits));
    backoff.cancel();
    if (interruption?.fired) throw new Interrupted();

    const execution: Execution = { name: `${run.name} ${name}.${attempt}`, claimEndsAtMs: undefined };
    const reply = replyOf(world, execution, perform);
    const timeout = scheduler.timer(run, `${name} times out`, options.startToCloseMs);
    const ends: Promise<Reply<T>>[] = [reply, timeout.elapsed.then(() => 'timeout' as const)];
    if (interruption && options.onCancel === 'abandon')
      ends.push(interruption.whenFired.then(() => 'interrupted' as const));
    const end = await run.waitFor(Promise.race(ends));
    timeout.cancel();
    if (end === 'interrupted') throw new Interrupted();
    if (end !== 'timeout' && 'value' in end) return end.value;

    const error = end === 'timeout' ? undefined : end.error;
    const known = error instanceof ApplicationFailure ? error : undefined;
    if (interruption?.fired) throw new Interrupted();
    if (known?.nonRetryable) throw known;
    if (error !== undefined && known === undefined) world.violate(`${execution.name}: ${textOf(error)}`);
    if (known?.type === 'Unknown' && !known.message.includes('Vendor'))
      world.violate(`${execution.name}: ${known.message}`);
    if (attempt === options.maxAttempts) throw known ?? new Interrupted();
    nameTaken = known?.type === 'NameTaken';
    backoffMs = Number(
      known?.nextRetryDelay ?? Math.min(options.maxBackoffMs, options.firstBackoffMs * 2 ** (attempt - 1)),
    );
  }
}

async function replyOf<T>(
  world: Surroundings,
  execution: Execution,
  perform: (execution: Execution) => Promise<T>,
): Promise<Reply<T>> {
  let reply: Reply<T>;
  try {
    reply = { value: await perform(execution) };
  } catch (error) {
    world.note(`${execution.name} fails: ${textOf(error).split('\n')[0]}`);
    reply = { error };
  }
  if (world.faults && world.random.chance(0.04)) {
    world.note(`${execution.name}: its reply is lost`);
    return never();
  }
  await takeTurn(world, execution, 'its reply');
  return reply;
}
