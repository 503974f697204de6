import { requestWorkflowId } from '../../contracts/ids.ts';
import type { Actor } from './scheduler.ts';
import { startRequest } from './request.ts';
import { sweep } from './sweep.ts';
import { STRANGER } from './vendor-cluster.ts';
import type { World } from './world.ts';

type Disturbance = (world: World) => void;

/** Starts an actor. A broken connection ends it, as it would end a command. */
function startActor(world: World, name: string, act: (actor: Actor) => Promise<void>): void {
  const actor: Actor = { name };
  world.background(act(actor));
}

/** A client's cancel: it tells the ledger first, then the workflow, or starts a cleanup where no workflow runs. */
function cancelByClient(world: World): void {
  // Now and then the same order comes a second time.
  const order =
    world.orders > 0 && world.random.chance(0.3) ? world.random.between(1, world.orders) : (world.orders += 1);
  startActor(world, `cancel ${order}`, async (actor) => {
    const ledger = world.ledgerOf(actor);
    const id = `order-${order}`;
    const { outcome, creation } = await ledger.recordCancel(world.plan.requestId, id, 'a client', 'not needed');
    if (outcome === 'use-release') return;
    const owners = world.owners(actor);
    const isRunning = await owners.sendCancel(world.plan.requestId);
    if (!isRunning && creation) await owners.startCleanup(creation);
  });
}

function release(world: World): void {
  startActor(world, 'release', async (actor) => {
    const { creation } = await world.ledgerOf(actor).readRequest(world.plan.requestId);
    if (creation === null || creation.state === 'released' || creation.leasedAtMs === null) return;
    await world.owners(actor).sendRelease(creation, { who: 'a client', why: '' }, `order-${(world.orders += 1)}`);
  });
}

/** Lifts a cancel and runs the request again, from its beginning or from a point of its history. */
function retry(world: World): void {
  startActor(world, 'retry', async (actor) => {
    await world.ledgerOf(actor).liftCancel(world.plan.requestId);
    await world.scheduler.park(actor, 'running it again');
    if (world.random.chance(0.5)) reset(world);
    else startRequest(world);
  });
}

/** A Reset of the current or an older run. It terminates the running one and forgets native cancels after the point. */
function reset(world: World): void {
  const { random, temporal } = world;
  const history = world.histories.length === 0 ? [] : random.pick(world.histories);
  if (history.length === 0) return;
  const running = temporal.running(requestWorkflowId(world.plan.requestId));
  if (running) temporal.terminate(running);
  const point = random.chance(0.35) ? history.length : random.between(1, history.length);
  world.note(`reset to point ${point} of ${history.length}, at ${history[point - 1]?.state.at ?? '?'}`);
  startRequest(world, history.slice(0, point));
}

/** A second submit of the request. */
function resubmit(world: World): void {
  const last = world.temporal.lastClosed(requestWorkflowId(world.plan.requestId));
  const again = last?.closed === 'terminated' || (last?.closed === 'failed' && world.random.chance(0.6));
  if (last === undefined || again) startRequest(world);
}

const onRandomRun =
  (kind: string, act: (world: World, run: ReturnType<World['temporal']['runs']>[number]) => void): Disturbance =>
  (world) => {
    const runs = world.temporal.runs().filter(({ workflowId }) => workflowId.startsWith(`${kind}/`));
    if (runs.length > 0) act(world, world.random.pick(runs));
  };

/** Everything that may happen to a request from outside, each with its weight. */
export const DISTURBANCES: readonly (readonly [number, string, Disturbance])[] = [
  [
    5,
    'native cancel',
    onRandomRun('provision', (_world, run) => {
      run.cancelRequested.fire();
    }),
  ],
  [5, 'client cancel', cancelByClient],
  [4, 'retry', retry],
  [
    6,
    'terminate',
    onRandomRun('provision', (world, run) => {
      world.temporal.terminate(run);
    }),
  ],
  [10, 'resubmit', resubmit],
  [9, 'reset', reset],
  [
    2,
    'terminate the lease',
    onRandomRun('cluster', (world, run) => {
      world.temporal.terminate(run);
    }),
  ],
  [
    1,
    'cancel the lease',
    onRandomRun('cluster', (_world, run) => {
      run.cancelRequested.fire();
    }),
  ],
  [
    2,
    'terminate the cleanup',
    onRandomRun('cleanup', (world, run) => {
      world.temporal.terminate(run);
    }),
  ],
  [2, 'release', release],
  [
    10,
    'sweep',
    (world) => {
      world.background(sweep(world));
    },
  ],
  [
    1,
    'a cluster vanishes',
    (world) => {
      const ours = world.vendor.clusters.filter((each) => each.owner !== STRANGER && world.vendor.isAlive(each));
      if (ours.length > 0) world.vendor.vanish(world.random.pick(ours));
    },
  ],
  [
    5,
    'a worker dies',
    (world) => {
      const executions = world.scheduler.actors().filter((actor) => 'claimEndsAtMs' in actor);
      if (executions.length === 0) return;
      const dead = world.random.pick(executions);
      world.note(`the worker of ${dead.name} dies`);
      world.scheduler.drop(dead);
    },
  ],
];

export { release, reset };
