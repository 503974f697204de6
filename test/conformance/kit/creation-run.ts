import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { ClusterAccess } from '../../../contracts/cluster.ts';
import type { Creation } from '../../../contracts/creation.ts';
import { type Failure, isFailureType, whatFollows } from '../../../contracts/failures.ts';
import { requestWorkflowId } from '../../../contracts/ids.ts';
import type { World } from './world.ts';

/** Most tries of one step. */
const MAX_TRIES = 400;
/** Pauses between two tries, ms: Temporal's backoff and a vendor's retry-after, much shortened. */
const PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** Pause between two checks of a cluster that is not ready, ms. */
const CHECK_PAUSE_MS = 50;

/** The result of a step with retries: its value, or a final failure. */
export type StepResult<T> = { readonly value: T } | { readonly failure: Failure };

/** Retries a step as Temporal does: while its failure is not final, after the delay that it asks for. */
export async function withRetries<T>(step: () => Promise<T>): Promise<StepResult<T>> {
  let last = '';
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    try {
      return { value: await step() };
    } catch (error) {
      const failure = asTyped(error);
      const { nonRetryable, nextRetryDelay } = error as { nonRetryable?: boolean; nextRetryDelay?: unknown };
      if (nonRetryable === true) return { failure };
      last = `${failure.type}: ${failure.message}`;
      // Our code gives its delays in ms.
      await pause(Math.min(typeof nextRetryDelay === 'number' ? nextRetryDelay : PAUSE_MS, LONGEST_PAUSE_MS));
    }
  }
  throw new Error(`a step failed ${MAX_TRIES} times; the last failure was ${last}`);
}

/** Runs a step once. @returns its failure, or `done` */
export async function oneTry(step: () => Promise<unknown>): Promise<Failure | 'done'> {
  try {
    await step();
    return 'done';
  } catch (error) {
    return asTyped(error);
  }
}

/** The delay that a failing step asks for, ms; undefined for none. */
export async function retryDelayOf(step: () => Promise<unknown>): Promise<number | undefined> {
  const error = await step().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  asTyped(error);
  // Our code gives its delays in ms.
  return (error as { nextRetryDelay?: number }).nextRetryDelay;
}

/** A step may throw only typed failures. */
function asTyped(error: unknown): Failure {
  if (error instanceof ApplicationFailure && isFailureType(error.type)) {
    return { type: error.type, message: error.message };
  }
  throw error;
}

/** How a creation ended. */
export type CreationEnd =
  | { readonly end: 'ready'; readonly clusterId: string; readonly access: ClusterAccess }
  | { readonly end: 'refused'; readonly failure: Failure }
  | { readonly end: 'closed'; readonly failure: Failure; readonly settled: Creation };

/** Runs an open creation to its end, as a request does. */
export async function runToEnd(world: World, creation: Creation): Promise<CreationEnd> {
  const { key } = creation;
  const created = await withRetries(() => world.steps.createCluster({ key }));
  if ('failure' in created) return closeAndSettle(world, creation, created.failure);
  const outcome = created.value;
  switch (outcome.kind) {
    case 'closed':
      throw new Error(`${key} was closed by somebody else`);
    case 'refused': {
      const { outcome: answer } = await world.ledger.refuse(key, outcome.attempt, outcome.failure, 'test');
      if (answer === 'refused') return { end: 'refused', failure: outcome.failure };
      return closeAndSettle(world, creation, outcome.failure);
    }
    case 'created':
      return waitUntilReady(world, creation, outcome.clusterId);
  }
}

/** Waits until a created cluster is ready, or gives it up. */
export async function waitUntilReady(world: World, creation: Creation, clusterId: string): Promise<CreationEnd> {
  const { key } = creation;
  for (let checks = 1; checks <= MAX_TRIES; checks += 1) {
    const checked = await withRetries(() => world.steps.checkReadiness({ key, clusterId }));
    if ('failure' in checked) {
      if (whatFollows(checked.failure.type) === 'read-ledger') throw new Error(`${key} was closed by somebody else`);
      return closeAndSettle(world, creation, checked.failure);
    }
    if (checked.value.kind === 'ready') return { end: 'ready', clusterId, access: checked.value.access };
    await pause(CHECK_PAUSE_MS);
  }
  throw new Error(`${key} did not become ready in ${MAX_TRIES} checks`);
}

export async function beginClosing(world: World, { key, requestId, epoch }: Creation, why: Failure): Promise<void> {
  const caller = requestWorkflowId(requestId);
  const { outcome } = await world.ledger.beginClosing(key, caller, epoch, why.type, why.message);
  if (outcome !== 'closing') throw new Error(`${key} cannot be closed: ${outcome}`);
}

/** Makes a closing creation absent and settles it. */
export async function settle(world: World, { key }: Creation): Promise<Creation> {
  for (;;) {
    const proven = await withRetries(() => world.steps.makeAbsent({ key }));
    if ('failure' in proven) throw new Error(`compensation gave up: ${proven.failure.message}`);
    const { outcome, creation } = await world.ledger.settle(key, proven.value, 'test');
    if (outcome === 'settled' && creation !== null) return creation;
    if (outcome !== 'stale-proof') throw new Error(`${key} cannot be settled: ${outcome}`);
  }
}

async function closeAndSettle(world: World, creation: Creation, failure: Failure): Promise<CreationEnd> {
  await beginClosing(world, creation, failure);
  return { end: 'closed', failure, settled: await settle(world, creation) };
}

/** Why a test closes a creation. */
export const DEADLINE_PASSED: Failure = { type: 'ReadinessDeadlineExceeded', message: 'no longer wanted' };

/** Creates a cluster. @returns its id, once it is recorded */
export async function createdCluster(world: World, { key }: Creation): Promise<string> {
  const created = await withRetries(() => world.steps.createCluster({ key }));
  if ('failure' in created || created.value.kind !== 'created') {
    throw new Error(`not created: ${JSON.stringify(created)}`);
  }
  return created.value.clusterId;
}
