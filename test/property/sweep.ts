import type { OwnerRuns } from '../../activities/monitor/owner-runs.ts';
import { Sweeper } from '../../activities/monitor/sweep.ts';
import { MONITOR_INTERVAL_MS } from '../../contracts/limits.ts';
import { ownersOf } from './owners.ts';
import { paceOf, version, type Execution } from './ports.ts';
import type { World } from './world.ts';

/** One sweep of every region, by the real code: it lists, compares, tells, and starts owners. */
export async function sweep(world: World): Promise<void> {
  const by: Execution = { name: 'sweep', claimEndsAtMs: undefined };
  const { provider } = world.providerPorts(by, world.providerName);
  const context = {
    ...{
      provider,
      monitorLedger: world.monitoredBy(by, world.providerName),
      ownerRuns: runsOf(world, by),
      timing: paceOf(world, by),
    },
    clock: () => world.scheduler.nowMs,
  };
  for (const region of new Set(world.plan.placements.map((placement) => placement.region))) {
    const sweeper = new Sweeper(context, { region, owners: ownersOf(world, by), cleanups: 'start' });
    try {
      await sweeper.sweep(true, MONITOR_INTERVAL_MS);
    } catch (error) {
      // A vendor that does not answer: the next sweep finds everything again.
      if (!(error instanceof Error && error.name === 'ProviderError')) throw error;
    }
  }
}

/** The server, as a sweep sees it: its list of what runs comes late. */
function runsOf(world: World, by: Execution): OwnerRuns {
  const { temporal, random } = world;
  return {
    running: async () => {
      const before = temporal.runs().map(({ workflowId, phase }) => [workflowId, phase] as const);
      await version(world, by, 'visibility');
      // Some that run do not show yet, and some that show have ended meanwhile.
      return new Map(before.filter(() => !world.faults || random.chance(0.8)));
    },
    closedRun: async (workflowId) => {
      await version(world, by, 'describe');
      if (temporal.running(workflowId)) return undefined;
      const { atMs = null, closed } = temporal.lastClosed(workflowId) ?? {};
      return { closedAtMs: atMs, completed: closed === 'completed' };
    },
    notify: async (workflowId, hint) => {
      await version(world, by, 'hint');
      const run = temporal.running(workflowId);
      run?.hint(hint);
      if (run) world.met.add(`hint ${hint.observed}`);
      return run !== undefined;
    },
  };
}
