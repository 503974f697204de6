import { createLedger } from '../../activities/ledger/ledger.ts';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { check, checkRest } from './oracle.ts';
import { OPERATIONS, release, reset } from './operators.ts';
import { startRequest } from './request.ts';
import { sweep } from './sweep.ts';
import { World, type WorldOptions } from './world.ts';

const SECOND = 1_000;
const JUMPS = [SECOND, 20 * SECOND, 61 * SECOND, 190 * SECOND, 430 * SECOND, 610 * SECOND, 1_300 * SECOND];
/** A world that is not at rest after so many actions never will be. */
const MAX_ACTIONS_TO_REST = 4_000;
/** A sweep finds nothing to do so often in a row, this far apart, and all is over. */
const SWEEP_MS = 150 * SECOND;
const QUIET_MS = 11 * 60 * SECOND;

/** Runs one world from its first submit to its rest. Throws a Violation. The world, for those who want to look at it. */
export async function runWorld(options: WorldOptions): Promise<World> {
  const { lane } = options;
  await lane.clear();
  const world = new World(options);
  await createLedger(lane.ledger(() => world.scheduler.nowMs)).setBudget('t', 'total', world.limitMicros, 'test');
  startRequest(world);
  await world.scheduler.settle();
  const actions = world.random.between(20, 130);
  for (let action = 0; action < actions; action += 1) await act(world);

  world.note('no more faults');
  world.faults = false;
  await rest(world);
  if (world.random.chance(0.3)) {
    release(world);
    await world.scheduler.settle();
    await rest(world);
    if (world.random.chance(0.5)) {
      reset(world);
      await world.scheduler.settle();
      await rest(world);
    }
  }
  return world;
}

/** The oracle looks at the ledger again only where it may have changed; at the vendor always. */
async function look(world: World): Promise<void> {
  world.vendor.tick();
  if (world.takeTouched() || world.seen === undefined) world.seen = await world.snapshot();
  check(world, world.seen);
  world.throwIfViolated();
}

async function act(world: World): Promise<void> {
  const { random, scheduler } = world;
  const runnable = scheduler.runnable();
  if (random.chance(world.unrest)) {
    const [, name, operate] = random.weighted(OPERATIONS.map((each) => [each[0], each] as const));
    world.note(`* ${name}`);
    operate(world);
    await scheduler.settle();
  } else if (runnable.length > 0 && !random.chance(0.04)) {
    // Mostly in order; now and then somebody comes first who came last.
    const next = random.chance(0.5) ? runnable[0] : random.pick(runnable);
    if (next) await scheduler.resume(next);
  } else {
    const wakeMs = scheduler.nextWakeMs();
    const toWake = wakeMs === undefined ? SECOND : Math.max(1, wakeMs - scheduler.nowMs);
    scheduler.nowMs += random.chance(0.75) ? toWake : random.pick(JUMPS);
  }
  await look(world);
}

/** Whether a later sweep still has a late cluster to delete. */
const overdueLives = ({ vendor, seen }: World): boolean =>
  vendor.clusters.some(
    (each) =>
      each.overdue &&
      vendor.isAlive(each) &&
      !seen?.creations.some(({ state, clusterId }) => state === 'leased' && clusterId === each.id),
  );

/** Everyone goes on in turn, sweeps included, until nothing is left to do. */
async function rest(world: World): Promise<void> {
  const { scheduler } = world;
  let sweptAtMs = scheduler.nowMs;
  let busyAtMs = scheduler.nowMs;
  for (let action = 0; action < MAX_ACTIONS_TO_REST; action += 1) {
    const [next] = scheduler.runnable();
    if (next !== undefined) {
      await scheduler.resume(next);
      await look(world);
      continue;
    }
    const wakeMs = scheduler.nextWakeMs();
    const { requestId } = world.plan;
    if (
      wakeMs !== undefined ||
      world.temporal.running(requestWorkflowId(requestId)) ||
      world.vendor.unborn.length > 0 ||
      overdueLives(world)
    ) {
      busyAtMs = scheduler.nowMs;
    }
    if (scheduler.nowMs - busyAtMs > QUIET_MS) {
      checkRest(world, await world.snapshot());
      world.throwIfViolated();
      return;
    }
    scheduler.nowMs = Math.min(wakeMs ?? Infinity, Math.max(scheduler.nowMs, sweptAtMs + SWEEP_MS));
    if (scheduler.nowMs >= sweptAtMs + SWEEP_MS) {
      sweptAtMs = scheduler.nowMs;
      world.background(sweep(world));
      await scheduler.settle();
    }
    await look(world);
  }
  world.violate('the world does not come to rest');
  world.throwIfViolated();
}
