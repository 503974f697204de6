import { createLedger } from '../../activities/ledger/ledger.ts';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { checkAction, checkIdle } from './oracle.ts';
import { DISTURBANCES, release, reset } from './disturbances.ts';
import { startRequest } from './request.ts';
import { sweep } from './sweep.ts';
import { ownerWorkflows } from './owner-workflows.ts';
import { World, type WorldOptions } from './world.ts';

const SECOND = 1_000;
const JUMPS = [SECOND, 20 * SECOND, 61 * SECOND, 190 * SECOND, 430 * SECOND, 610 * SECOND, 1_300 * SECOND];
/** A world that is not idle after this many actions never will be. */
const MAX_ACTIONS_TO_IDLE = 4_000;
/** Pause between two sweeps. */
const SWEEP_MS = 150 * SECOND;
/** A world is idle when nothing but sweeps has happened for this long. */
const QUIET_MS = 11 * 60 * SECOND;

/**
 * Runs one world from its first submit until it is idle, and returns it.
 * @throws Violation
 */
export async function runWorld(options: Omit<WorldOptions, 'owners'>): Promise<World> {
  const { lane } = options;
  await lane.clear();
  const world = new World({ ...options, owners: ownerWorkflows });
  await createLedger(lane.ledger(() => world.scheduler.nowMs)).setBudget('t', 'total', world.limitMicros, 'test');
  startRequest(world);
  await world.scheduler.settle();
  const actions = world.random.between(20, 130);
  for (let action = 0; action < actions; action += 1) await act(world);

  world.note('no more faults');
  world.faults = false;
  await runUntilIdle(world);
  if (world.random.chance(0.3)) {
    release(world);
    await world.scheduler.settle();
    await runUntilIdle(world);
    if (world.random.chance(0.5)) {
      reset(world);
      await world.scheduler.settle();
      await runUntilIdle(world);
    }
  }
  return world;
}

/** The oracle reads the ledger again only when it may have changed. It reads the vendor each time. */
async function observe(world: World): Promise<void> {
  world.vendor.tick();
  if (world.takeLedgerChange() || world.seen === undefined) world.seen = await world.snapshot();
  checkAction(world, world.seen);
  world.throwIfViolated();
}

async function act(world: World): Promise<void> {
  const { random, scheduler } = world;
  const runnable = scheduler.runnable();
  if (random.chance(world.disturbanceRate)) {
    const [, name, operate] = random.weighted(DISTURBANCES.map((each) => [each[0], each] as const));
    world.note(`* ${name}`);
    operate(world);
    await scheduler.settle();
  } else if (runnable.length > 0 && !random.chance(0.04)) {
    // Mostly in order. Now and then a later actor comes first.
    const next = random.chance(0.5) ? runnable[0] : random.pick(runnable);
    if (next) await scheduler.resume(next);
  } else {
    const wakeMs = scheduler.nextWakeMs();
    const toWake = wakeMs === undefined ? SECOND : Math.max(1, wakeMs - scheduler.nowMs);
    scheduler.nowMs += random.chance(0.75) ? toWake : random.pick(JUMPS);
  }
  await observe(world);
}

/** Whether a cluster of an overdue send lives, which a later sweep deletes. */
const hasOverdueCluster = ({ vendor, seen }: World): boolean =>
  vendor.clusters.some(
    (each) =>
      each.overdue &&
      vendor.isAlive(each) &&
      !seen?.creations.some(({ state, clusterId }) => state === 'leased' && clusterId === each.id),
  );

/** Every actor goes on in turn, sweeps included, until nothing is left to do. */
async function runUntilIdle(world: World): Promise<void> {
  const { scheduler } = world;
  let sweptAtMs = scheduler.nowMs;
  let busyAtMs = scheduler.nowMs;
  for (let action = 0; action < MAX_ACTIONS_TO_IDLE; action += 1) {
    const [next] = scheduler.runnable();
    if (next !== undefined) {
      await scheduler.resume(next);
      await observe(world);
      continue;
    }
    const wakeMs = scheduler.nextWakeMs();
    const { requestId } = world.plan;
    if (
      wakeMs !== undefined ||
      world.temporal.running(requestWorkflowId(requestId)) ||
      world.vendor.lateCreates.length > 0 ||
      hasOverdueCluster(world)
    ) {
      busyAtMs = scheduler.nowMs;
    }
    if (scheduler.nowMs - busyAtMs > QUIET_MS) {
      checkIdle(world, await world.snapshot());
      world.throwIfViolated();
      return;
    }
    scheduler.nowMs = Math.min(wakeMs ?? Infinity, Math.max(scheduler.nowMs, sweptAtMs + SWEEP_MS));
    if (scheduler.nowMs >= sweptAtMs + SWEEP_MS) {
      sweptAtMs = scheduler.nowMs;
      world.background(sweep(world));
      await scheduler.settle();
    }
    await observe(world);
  }
  world.violate('the world never becomes idle');
  world.throwIfViolated();
}
