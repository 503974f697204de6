import type { Owners } from '../../activities/ledger/owners.ts';
import type { Creation } from '../../contracts/creation.ts';
import { cleanupWorkflowId, leaseWorkflowId, requestWorkflowId } from '../../contracts/ids.ts';
import type { Actor } from './scheduler.ts';
import { ABSENCE_STEP, activity, LEDGER_STEP, type Closed, type Run } from './temporal.ts';
import { turn, type Execution } from './ports.ts';
import type { World } from './world.ts';

/** An open creation whose request does not run is left alone this long: a resubmit may take it up. */
const ORPHAN_MS = 10 * 60_000;
const STEP = { ...LEDGER_STEP, onCancel: 'wait' as const };

/** The lease's workflow. */
async function lease(world: World, run: Run, creation: Creation): Promise<Closed> {
  const leftMs = Math.max(1, (creation.leaseUntilMs ?? 0) - world.scheduler.nowMs);
  const funded = world.scheduler.timer(run, 'the funded time ends', leftMs, true);
  await run.awaits(Promise.race([run.released.fires, run.cancelRequested.fires, funded.elapsed]));
  funded.cancel();
  const { key } = creation;
  const caller = leaseWorkflowId(creation.requestId, creation.number);
  const closing = { key, caller, epoch: creation.epoch, why: 'Released' as const, message: 'released' };
  const answer = await activity(world, run, 'beginClosing', STEP, (by) => world.ledgerSteps(by).beginClosing(closing));
  if (answer.outcome === 'closing') await makeAbsentAndSettle(world, run, creation);
  return 'completed';
}

/** The cleanup's workflow. */
async function cleanup(world: World, run: Run, creation: Creation): Promise<Closed> {
  const { key, epoch } = creation;
  const caller = cleanupWorkflowId(key);
  const closing = { key, caller, epoch, why: 'Orphaned' as const, message: 'its request had no running workflow' };
  const answer = await activity(world, run, 'beginClosing', STEP, (by) => world.ledgerSteps(by).beginClosing(closing));
  if (answer.outcome !== 'closing') return answer.outcome === 'ended' ? 'completed' : 'failed';
  await makeAbsentAndSettle(world, run, creation);
  return 'completed';
}

async function makeAbsentAndSettle(world: World, run: Run, { key, provider }: Creation): Promise<void> {
  const options = { ...ABSENCE_STEP, onCancel: 'wait' as const };
  const prove = (by: Execution) => world.providerSteps(by, provider).makeAbsent({ key });
  for (;;) {
    const proof = await activity(world, run, 'makeAbsent', options, prove);
    const answer = await activity(world, run, 'settle', STEP, (by) => world.ledgerSteps(by).settle({ key, proof }));
    if (answer.outcome !== 'stale-proof') return;
  }
}

/** Starting owners takes a call to the server, which others may come before. */
export function ownersOf(world: World, actor: Actor): Owners {
  const startLease = (creation: Creation): Run =>
    world.temporal.start(leaseWorkflowId(creation.requestId, creation.number), (run) => lease(world, run, creation));
  return {
    startLease: async (creation) => {
      await turn(world, actor, 'startLease');
      startLease(creation);
    },
    startCleanup: async (creation) => {
      await turn(world, actor, 'startCleanup');
      world.temporal.start(cleanupWorkflowId(creation.key), (run) => cleanup(world, run, creation));
    },
    releaseLease: async (creation) => {
      await turn(world, actor, 'releaseLease');
      startLease(creation).released.fire();
    },
    cancelRequest: async (requestId) => {
      await turn(world, actor, 'cancelRequest');
      const run = world.temporal.running(requestWorkflowId(requestId));
      run?.cancelRequested.fire();
      return run !== undefined;
    },
  };
}

/** One sweep: rows whose owner does not run get one, by what the sweep read. */
export async function sweep(world: World): Promise<void> {
  const actor: Actor = { name: 'sweep' };
  const owners = ownersOf(world, actor);
  const { requestId } = world.plan;
  const { creation } = await world.ledgerOf(actor).standing(requestId);
  if (creation === null || !['open', 'leased', 'closing'].includes(creation.state)) return;
  const owner = creation.state === 'open' ? requestWorkflowId(requestId) : creation.owner;
  const { temporal, scheduler } = world;
  // A lease may have been started again by a call that came late, when its row was closing already: it is told.
  if (creation.state === 'closing') temporal.running(owner)?.released.fire();
  if (temporal.running(owner) || temporal.running(cleanupWorkflowId(creation.key))) return;
  if (creation.state === 'leased') return owners.startLease(creation);
  const idleMs = scheduler.nowMs - (temporal.lastClosed(owner)?.atMs ?? -Infinity);
  if (creation.state === 'closing' || idleMs >= ORPHAN_MS) await owners.startCleanup(creation);
}

/** The rest of a sweep: clusters born too late, under a key that has ended or that another cluster wears, go by id. */
export async function sweepOverdue(world: World): Promise<void> {
  const actor: Execution = { name: 'sweep of late births', claimEndsAtMs: undefined };
  const snapshot = await world.snapshot();
  for (const row of snapshot.creations) {
    if (row.state === 'open' || row.state === 'closing') continue;
    const ports = world.providerPorts(actor, world.providerName);
    const found = await ports.provider.find('', row.key, {}).catch(() => undefined);
    // Listings do not tell whose a cluster is: a name that a stranger has taken is the stranger's.
    if (found?.kind !== 'ours') continue;
    const listed = await ports.provider.list('', row.key).catch(() => []);
    for (const cluster of listed.filter(({ name }) => name === row.key)) {
      if (row.state === 'leased' && row.clusterId === cluster.clusterId) continue;
      await ports.sends.sighted(row.key, cluster).then(
        () => ports.provider.delete('', cluster.clusterId).catch(() => undefined),
        () => undefined,
      );
    }
  }
}
