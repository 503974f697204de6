import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { MonitorReport } from '../../contracts/findings.ts';
import { monitorWorkflowId } from '../../contracts/ids.ts';
import {
  FALLBACK_JITTER,
  FALLBACK_UNMONITORED_MS,
  FALLBACK_MONITORED_MS,
  MONITOR_ALIVE_INTERVALS,
  MONITOR_INTERVAL_MS,
  MONITOR_HEARTBEAT_TIMEOUT_MS,
  MONITOR_KEEP_MS,
} from '../../contracts/limits.ts';
import type { Workflows } from '../../contracts/messages.ts';
import { QUEUES } from '../../contracts/queues.ts';
import { monitorPauseMs } from './pause.ts';

/** However fast the provider's time runs, a process may be busy for this long, ms (policy). */
const SHORTEST_SILENCE_MS = 5_000;

/** A call to Temporal that takes longer hangs, ms (policy). */
const CALL_MS = 10_000;

/** A provider's monitors, as its workers see to them. */
export interface Monitors {
  /** Makes sure that a region's monitor runs. */
  keep(region: string): Promise<void>;
  /** The report of a region's monitor, and whether it counts as alive; null where none runs. */
  report(region: string): Promise<{ readonly report: MonitorReport | null; readonly alive: boolean } | null>;
  /** How long a workflow waits for a hint before it looks unasked, ms: by whether its monitor is alive. Never fails. */
  fallbackMs(region: string): Promise<number>;
}

export function createMonitors(client: Client, provider: string, speed: number): Monitors {
  /** Until when a region's monitor is taken to be as it was last seen. */
  const seen = new Map<string, { readonly alive: boolean; readonly untilMs: number }>();

  const heartbeatTimeoutMs = Math.max(SHORTEST_SILENCE_MS, MONITOR_HEARTBEAT_TIMEOUT_MS / speed);
  const bounded = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + CALL_MS, call);

  const describe = async (region: string): Promise<WorkflowExecutionDescription | null> => {
    try {
      const handle = client.workflow.getHandle(monitorWorkflowId(provider, region));
      const description = await bounded(() => handle.describe());
      return description.closeTime === undefined ? description : null;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  };

  /** Starts it where need be; what Temporal does not answer about does not count as alive. */
  const isAlive = async (region: string): Promise<boolean> => {
    try {
      await monitors.keep(region);
      return (await monitors.report(region))?.alive ?? false;
    } catch {
      return false;
    }
  };

  const monitors: Monitors = {
    keep: async (region) => {
      // Asked first: an answer costs nothing, a start is counted though it joins one that runs.
      if ((await describe(region)) !== null) return;
      const options = {
        workflowId: monitorWorkflowId(provider, region),
        taskQueue: QUEUES.monitor,
        args: [{ provider, region, heartbeatTimeoutMs }] as Parameters<Workflows['monitorRegion']>,
        workflowIdConflictPolicy: 'USE_EXISTING' as const,
        staticSummary: `Monitor of ${provider} in ${region}`,
        staticDetails: 'Lists what lives there, compares it with the ledger, and tells the owners.',
      };
      await bounded(() => client.workflow.start<Workflows['monitorRegion']>('monitorRegion', options));
    },
    report: async (region) => {
      const description = await describe(region);
      if (description === null) return null;
      const report = await lastReport(client, description);
      // One that has just begun is taken to be alive: its first sweep comes at once.
      // Clocks differ: a time to come is as far away as one that has passed.
      const sinceMs = Math.abs(Date.now() - (report?.sweptAtMs ?? description.startTime.getTime()));
      const intervalMs = Math.max(report?.intervalMs ?? 0, monitorPauseMs(MONITOR_INTERVAL_MS, speed));
      // Its report is as old as its last heartbeat, which the SDK holds back for most of the time that it may take.
      return { report, alive: sinceMs < MONITOR_ALIVE_INTERVALS * intervalMs + heartbeatTimeoutMs };
    },
    fallbackMs: async (region) => {
      const known = seen.get(region);
      let alive = known?.alive ?? false;
      if (known === undefined || known.untilMs <= Date.now()) {
        alive = await isAlive(region);
        seen.set(region, { alive, untilMs: Date.now() + monitorPauseMs(MONITOR_KEEP_MS, speed) });
      }
      const jitter = 1 + FALLBACK_JITTER * (2 * Math.random() - 1);
      return monitorPauseMs((alive ? FALLBACK_MONITORED_MS : FALLBACK_UNMONITORED_MS) * jitter, speed);
    },
  };
  return monitors;
}

/** The heartbeat of its pending activity; null before the first. */
async function lastReport(client: Client, { raw }: WorkflowExecutionDescription): Promise<MonitorReport | null> {
  const payloads = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads;
  const [report] = (await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads)) as [MonitorReport?];
  return report ?? null;
}
