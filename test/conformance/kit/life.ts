import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { ClusterAccess } from '../../../contracts/cluster.ts';
import type { Creation } from '../../../contracts/creation.ts';
import { isFailureType, whatFollows, type Failure } from '../../../contracts/failures.ts';
import { requestWorkflowId } from '../../../contracts/ids.ts';
import type { World } from './world.ts';

/** Tries of one step before a life counts as stuck. */
const MAX_TRIES = 400;
/** First and longest pause between two tries, ms: a server's backoff, and a vendor's hint, much shortened. */
const PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** Pause between two checks of a cluster that is not ready, ms. */
const CHECK_PAUSE_MS = 50;

/** What a step came to after all its tries: its value, or the failure that nobody retries. */
export type Came<T> = { readonly value: T } | { readonly failure: Failure };

/** Tries a step as the server would: again for as long as its failure is not final, after the pause it asks for. */
export async function retried<T>(step: () => Promise<T>): Promise<Came<T>> {
  let last = '';
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    try {
      return { value: await step() };
    } catch (error) {
      const failure = asTyped(error);
      const { nonRetryable, nextRetryDelay } = error as { nonRetryable?: boolean; nextRetryDelay?: unknown };
      if (nonRetryable === true) return { failure };
      last = `${failure.type}: ${failure.message}`;
      // The code under test gives its delays in ms.
      await pause(Math.min(typeof nextRetryDelay === 'number' ? nextRetryDelay : PAUSE_MS, LONGEST_PAUSE_MS));
    }
  }
  throw new Error(`a step was tried ${MAX_TRIES} times in vain; at last ${last}`);
}

/** One try. The failure it comes to, or that it succeeded. */
export async function oneTry(step: () => Promise<unknown>): Promise<Failure | 'done'> {
  try {
    await step();
    return 'done';
  } catch (error) {
    return asTyped(error);
  }
}

/** How long a try that fails asks to wait until the next one, ms; undefined where it does not say. */
export async function pauseAfter(step: () => Promise<unknown>): Promise<number | undefined> {
  const error = await step().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  asTyped(error);
  // The code under test gives its delays in ms.
  return (error as { nextRetryDelay?: number }).nextRetryDelay;
}

/** Nothing but typed failures may leave a step. */
function asTyped(error: unknown): Failure {
  if (error instanceof ApplicationFailure && isFailureType(error.type)) {
    return { type: error.type, message: error.message };
  }
  throw error;
}

/** Where a life stands when it has come to its end. */
export type End =
  | { readonly end: 'ready'; readonly clusterId: string; readonly access: ClusterAccess }
  | { readonly end: 'refused'; readonly failure: Failure }
  | { readonly end: 'closed'; readonly failure: Failure; readonly settled: Creation };

/** From an open creation to its end, as a request leads it. */
export async function live(world: World, creation: Creation): Promise<End> {
  const { key } = creation;
  const created = await retried(() => world.steps.createCluster({ key }));
  if ('failure' in created) return giveUp(world, creation, created.failure);
  const outcome = created.value;
  switch (outcome.kind) {
    case 'closed':
      throw new Error(`${key} closed by itself`);
    case 'refused': {
      const { outcome: answer } = await world.ledger.refuse(key, outcome.attempt, outcome.failure, 'test');
      if (answer === 'refused') return { end: 'refused', failure: outcome.failure };
      return giveUp(world, creation, outcome.failure);
    }
    case 'created':
      return wait(world, creation, outcome.clusterId);
  }
}

/** From a cluster that was created to its use. */
export async function wait(world: World, creation: Creation, clusterId: string): Promise<End> {
  const { key } = creation;
  for (let checks = 1; checks <= MAX_TRIES; checks += 1) {
    const checked = await retried(() => world.steps.checkReadiness({ key, clusterId }));
    if ('failure' in checked) {
      if (whatFollows(checked.failure.type) === 'read-ledger') throw new Error(`${key} closed by itself`);
      return giveUp(world, creation, checked.failure);
    }
    if (checked.value.kind === 'ready') return { end: 'ready', clusterId, access: checked.value.access };
    await pause(CHECK_PAUSE_MS);
  }
  throw new Error(`${key} did not become ready in ${MAX_TRIES} checks`);
}

export async function close(world: World, { key, requestId, epoch }: Creation, why: Failure): Promise<void> {
  const caller = requestWorkflowId(requestId);
  const { outcome } = await world.ledger.beginClosing(key, caller, epoch, why.type, why.message);
  if (outcome !== 'closing') throw new Error(`${key} cannot be closed: ${outcome}`);
}

/** From a closing creation to a settled one. */
export async function settle(world: World, { key }: Creation): Promise<Creation> {
  for (;;) {
    const proven = await retried(() => world.steps.makeAbsent({ key }));
    if ('failure' in proven) throw new Error(`compensation gave up: ${proven.failure.message}`);
    const { outcome, creation } = await world.ledger.settle(key, proven.value, 'test');
    if (outcome === 'settled' && creation !== null) return creation;
    if (outcome !== 'stale-proof') throw new Error(`${key} cannot be settled: ${outcome}`);
  }
}

async function giveUp(world: World, creation: Creation, failure: Failure): Promise<End> {
  await close(world, creation, failure);
  return { end: 'closed', failure, settled: await settle(world, creation) };
}

export const CANCELLED: Failure = { type: 'ReadinessDeadlineExceeded', message: 'no longer wanted' };

/** Sends until the cluster is recorded. Its id. */
export async function created(world: World, { key }: Creation): Promise<string> {
  const came = await retried(() => world.steps.createCluster({ key }));
  if ('failure' in came || came.value.kind !== 'created') throw new Error(`not created: ${JSON.stringify(came)}`);
  return came.value.clusterId;
}
