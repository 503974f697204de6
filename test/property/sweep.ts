import type { OwnerRuns } from '../../activities/monitor/owner-runs.ts';
import { Sweeper } from '../../activities/monitor/sweep.ts';
import { MONITOR_INTERVAL_MS } from '../../contracts/limits.ts';
import { takeTurn, timingOf, type Execution } from './ports.ts';
import type { World } from './world.ts';

/** One sweep of every region, by the real code. */
export async function sweep(world: World): Promise<void> {
  const by: Execution = { name: 'sweep', claimEndsAtMs: undefined };
  const { provider } = world.providerPorts(by, world.idempotency);
  const context = {
    ...{
      provider,
      monitorLedger: world.monitorLedgerOf(by, world.idempotency),
      ownerRuns: runsOf(world, by),
      timing: timingOf(world, by),
    },
    clock: () => world.scheduler.nowMs,
  };
  for (const region of new Set(world.plan.placements.map((placement) => placement.region))) {
    const sweeper = new Sweeper(context, { region, owners: world.owners(by), cleanups: 'start' });
    try {
      await sweeper.sweep(true, MONITOR_INTERVAL_MS);
    } catch (error) {
      // The vendor did not answer. The next sweep finds the same again.
      if (!(error instanceof Error && error.name === 'ProviderError')) throw error;
    }
  }
}

/** The runs of owners as a sweep sees them: Temporal's visibility is late. */
function runsOf(world: World, by: Execution): OwnerRuns {
  const { temporal, random } = world;
  return {
    running: async () => {
      const before = temporal.runs().map(({ workflowId, phase }) => [workflowId, phase] as const);
      await takeTurn(world, by, 'visibility');
      // Some runs do not show yet, and some that show have ended meanwhile.
      return new Map(before.filter(() => !world.faults || random.chance(0.8)));
    },
    closedRun: async (workflowId) => {
      await takeTurn(world, by, 'describe');
      if (temporal.running(workflowId)) return undefined;
      const { atMs = null, closed } = temporal.lastClosed(workflowId) ?? {};
      return { closedAtMs: atMs, completed: closed === 'completed' };
    },
    notify: async (workflowId, hint) => {
      await takeTurn(world, by, 'hint');
      const run = temporal.running(workflowId);
      run?.hint(hint);
      if (run) world.covered.add(`hint ${hint.observed}`);
      return run !== undefined;
    },
  };
}
