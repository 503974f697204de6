import {
  ActivityCancellationType,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { MonitorActivities } from '../contracts/activities.ts';
import type { MonitorReport } from '../contracts/findings.ts';
import type { Location } from '../contracts/health.ts';
import { MONITOR_RUN_MS } from '../contracts/limits.ts';
import type { Workflows } from '../contracts/messages.ts';
import { monitorQueue } from '../contracts/queues.ts';
import { showAttributes } from './attributes.ts';

/** Runs of an activity before a monitor goes on in a new run of its own (policy: a week of them, some hundred events). */
const SWEEPERS_A_RUN = 168;

/**
 * The one observer of a provider's region: keeps one activity sweeping, for ever. What that does, and how far it lags,
 * is its heartbeat. One that is terminated is started again by the provider's workers.
 */
export async function monitorRegion(input: Parameters<Workflows['monitorRegion']>[0]): Promise<never> {
  const { provider, region, heartbeatTimeoutMs } = input;
  showAttributes({ MusterPhase: 'monitoring', MusterProvider: provider, MusterRegion: region });
  setCurrentDetails(`Monitors ${provider} in ${region}. Its pending activity's heartbeat tells how it does.`);
  const { monitor } = proxyActivities<MonitorActivities>({
    taskQueue: monitorQueue(provider),
    summary: `Sweep ${region}: list, compare with the ledger, tell the owners`,
    // Its own end comes long before; a process that stops or freezes is noticed by its heartbeat.
    startToCloseTimeout: 2 * MONITOR_RUN_MS,
    heartbeatTimeout: heartbeatTimeoutMs,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
  });
  for (let sweepers = 0; sweepers < SWEEPERS_A_RUN && !workflowInfo().continueAsNewSuggested; sweepers += 1) {
    setCurrentDetails(details({ provider, region }, await monitor({ region })));
  }
  return continueAsNew<typeof monitorRegion>(input);
}

const details = ({ provider, region }: Location, report: MonitorReport): string =>
  [
    `Monitors ${provider} in ${region}. Its pending activity's heartbeat tells how it does now; when the last one ended:`,
    `${report.sweeps} sweeps, ${report.listed} clusters listed, ${report.waiting} requests waiting, ${report.leases} leases, ` +
      `${report.strays} strays; ${report.hintsSent} hints sent, ${report.leasesStarted} leases and ${report.cleanupsStarted} cleanups started`,
    ...(report.problem === null ? [] : [`problem: ${report.problem}`]),
  ].join('\n\n');
