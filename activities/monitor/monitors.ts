import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { MonitorReport } from '../../contracts/findings.ts';
import { monitorWorkflowId } from '../../contracts/ids.ts';
import {
  FALLBACK_JITTER,
  FALLBACK_MONITORED_MS,
  FALLBACK_UNMONITORED_MS,
  MONITOR_ALIVE_INTERVALS,
  MONITOR_HEARTBEAT_TIMEOUT_MS,
  MONITOR_INTERVAL_MS,
  MONITOR_KEEP_MS,
} from '../../contracts/limits.ts';
import type { Workflows } from '../../contracts/messages.ts';
import { QUEUES } from '../../contracts/queues.ts';
import { monitorPauseMs } from './pause.ts';

/** The heartbeat timeout is never shorter, ms (policy): at any speed a process may be busy for this long. */
const SHORTEST_HEARTBEAT_TIMEOUT_MS = 5_000;

/** A call to Temporal that takes longer has failed, ms (policy). */
const CALL_MS = 10_000;

/** The monitors of a provider's regions, as its workers manage them. */
export interface Monitors {
  /** Starts the region's monitor unless it runs. */
  ensureRunning(region: string): Promise<void>;
  /** The last report of the region's monitor, and whether it counts as alive; null when none runs. */
  status(region: string): Promise<{ readonly report: MonitorReport | null; readonly alive: boolean } | null>;
  /** How long a workflow waits for a hint before it checks without one, ms: longer with a live monitor. Never fails. */
  fallbackMs(region: string): Promise<number>;
}

export function createMonitors(client: Client, provider: string, speed: number): Monitors {
  /** Whether each region's monitor is alive, and until when that answer is used again. */
  const cache = new Map<string, { readonly alive: boolean; readonly untilMs: number }>();

  const heartbeatTimeoutMs = Math.max(SHORTEST_HEARTBEAT_TIMEOUT_MS, MONITOR_HEARTBEAT_TIMEOUT_MS / speed);
  const withDeadline = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + CALL_MS, call);

  const describeRunning = async (region: string): Promise<WorkflowExecutionDescription | null> => {
    try {
      const handle = client.workflow.getHandle(monitorWorkflowId(provider, region));
      const description = await withDeadline(() => handle.describe());
      return description.closeTime === undefined ? description : null;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  };

  /** Starts the monitor if needed. When Temporal does not answer, the monitor counts as not alive. */
  const isAlive = async (region: string): Promise<boolean> => {
    try {
      await monitors.ensureRunning(region);
      return (await monitors.status(region))?.alive ?? false;
    } catch {
      return false;
    }
  };

  const monitors: Monitors = {
    ensureRunning: async (region) => {
      // A describe is free. A start is a billable action, even when it finds the monitor running.
      if ((await describeRunning(region)) !== null) return;
      const options = {
        workflowId: monitorWorkflowId(provider, region),
        taskQueue: QUEUES.monitor,
        args: [{ provider, region, heartbeatTimeoutMs }] as Parameters<Workflows['monitorRegion']>,
        workflowIdConflictPolicy: 'USE_EXISTING' as const,
        staticSummary: `Monitor of ${provider} in ${region}`,
        staticDetails: 'Lists the clusters there, compares them with the ledger, and notifies their owners.',
      };
      await withDeadline(() => client.workflow.start<Workflows['monitorRegion']>('monitorRegion', options));
    },
    status: async (region) => {
      const description = await describeRunning(region);
      if (description === null) return null;
      const report = await lastReport(client, description);
      // A monitor that has just started counts as alive: it sweeps at once. Clocks differ, so a time in the future counts
      // like one that is as far in the past.
      const sinceMs = Math.abs(Date.now() - (report?.lastSweepAtMs ?? description.startTime.getTime()));
      const intervalMs = Math.max(report?.intervalMs ?? 0, monitorPauseMs(MONITOR_INTERVAL_MS, speed));
      // The report is as old as the last heartbeat, which the SDK delays for most of the heartbeat timeout.
      return { report, alive: sinceMs < MONITOR_ALIVE_INTERVALS * intervalMs + heartbeatTimeoutMs };
    },
    fallbackMs: async (region) => {
      const cached = cache.get(region);
      let alive = cached?.alive ?? false;
      if (cached === undefined || cached.untilMs <= Date.now()) {
        alive = await isAlive(region);
        cache.set(region, { alive, untilMs: Date.now() + monitorPauseMs(MONITOR_KEEP_MS, speed) });
      }
      const jitter = 1 + FALLBACK_JITTER * (2 * Math.random() - 1);
      return monitorPauseMs((alive ? FALLBACK_MONITORED_MS : FALLBACK_UNMONITORED_MS) * jitter, speed);
    },
  };
  return monitors;
}

/** The last heartbeat of the monitor's pending activity; null before the first. */
async function lastReport(client: Client, { raw }: WorkflowExecutionDescription): Promise<MonitorReport | null> {
  const payloads = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads;
  const [report] = (await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads)) as [MonitorReport?];
  return report ?? null;
}
