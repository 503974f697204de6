import type { OwnerWorkflows } from '../../activities/temporal/owner-workflows.ts';
import type { Creation } from '../../contracts/creation.ts';
import { cleanupWorkflowId, lateClusterWorkflowId, leaseWorkflowId, requestWorkflowId } from '../../contracts/ids.ts';
import { makeAbsentAndSettle, SHIELDED_LEDGER_STEP } from './absence.ts';
import { lease } from './lease.ts';
import { takeTurn, type Execution } from './ports.ts';
import { startRequest } from './request.ts';
import type { Actor } from './scheduler.ts';
import { ABSENCE_STEP, activity, type Closed, type Run } from './temporal.ts';
import type { World } from './world.ts';

/** The workflow of a cleanup. */
async function cleanup(world: World, run: Run, creation: Creation, clusterId: string | undefined): Promise<Closed> {
  const { key, provider, epoch } = creation;
  if (clusterId !== undefined) {
    const options = { ...ABSENCE_STEP, onCancel: 'wait' as const };
    const remove = (by: Execution) => world.providerSteps(by, provider).removeLateCluster({ key, clusterId });
    await activity(world, run, 'removeLateCluster', options, remove);
    world.covered.add('a late cluster removed');
    return 'completed';
  }
  const caller = cleanupWorkflowId(key);
  const closing = { key, caller, epoch, why: 'Orphaned' as const, message: 'its request had no running workflow' };
  const answer = await activity(world, run, 'beginClosing', SHIELDED_LEDGER_STEP, (by) =>
    world.ledgerSteps(by).beginClosing(closing),
  );
  if (answer.outcome !== 'closing') return answer.outcome === 'ended' ? 'completed' : 'failed';
  await makeAbsentAndSettle(world, run, creation);
  return 'completed';
}

const unused = (): never => {
  throw new RangeError('no actor of these worlds does this');
};

/** The owners' workflows. Each start is a call to the server, before which other actors may act. */
export function ownerWorkflows(world: World, actor: Actor): OwnerWorkflows {
  const startLease = (creation: Creation): Run =>
    world.temporal.start(leaseWorkflowId(creation.requestId, creation.number), (run) => lease(world, run, creation));
  return {
    startLease: async (creation) => {
      await takeTurn(world, actor, 'startLease');
      startLease(creation);
    },
    startCleanup: async (creation, clusterId) => {
      await takeTurn(world, actor, 'startCleanup');
      const id =
        clusterId === undefined ? cleanupWorkflowId(creation.key) : lateClusterWorkflowId(creation.key, clusterId);
      world.temporal.start(id, (run) => cleanup(world, run, creation, clusterId));
    },
    sendRelease: async (creation) => {
      await takeTurn(world, actor, 'sendRelease');
      startLease(creation).released.fire();
    },
    sendCancel: async (requestId) => {
      await takeTurn(world, actor, 'sendCancel');
      const run = world.temporal.running(requestWorkflowId(requestId));
      run?.cancelRequested.fire();
      return run !== undefined;
    },
    provisionAgain: async () => {
      await takeTurn(world, actor, 'provisionAgain');
      world.covered.add('provisioned again');
      startRequest(world);
    },
    ...{ sendExtend: unused, running: unused, trace: unused },
  };
}
