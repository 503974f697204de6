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

/** Activities in one run of a monitor (policy): a week of them, a few hundred events. */
const ACTIVITIES_PER_RUN = 168;

/**
 * The monitor of a provider's region: it keeps one activity sweeping for ever. The heartbeat of that activity tells what it
 * does and how late it is. The provider's workers start a terminated monitor again.
 */
export async function monitorRegion(input: Parameters<Workflows['monitorRegion']>[0]): Promise<never> {
  const { provider, region, heartbeatTimeoutMs } = input;
  showAttributes({ MusterPhase: 'monitoring', MusterProvider: provider, MusterRegion: region });
  setCurrentDetails(`Monitors ${provider} in ${region}. The heartbeat of its pending activity tells how it does.`);
  const { monitor } = proxyActivities<MonitorActivities>({
    taskQueue: monitorQueue(provider),
    summary: `Sweep ${region}: list, compare with the ledger, notify owners`,
    // The activity ends long before this. A process that stops or hangs misses its heartbeat.
    startToCloseTimeout: 2 * MONITOR_RUN_MS,
    heartbeatTimeout: heartbeatTimeoutMs,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
  });
  for (let activities = 0; activities < ACTIVITIES_PER_RUN && !workflowInfo().continueAsNewSuggested; activities += 1) {
    setCurrentDetails(details({ provider, region }, await monitor({ region })));
  }
  return continueAsNew<typeof monitorRegion>(input);
}

const details = ({ provider, region }: Location, report: MonitorReport): string =>
  [
    `Monitors ${provider} in ${region}. The heartbeat of its pending activity tells how it does now. When the last activity ended:`,
    `${report.sweeps} sweeps, ${report.listed} clusters listed, ${report.waiting} requests waiting, ${report.leases} leases, ` +
      `${report.strays} strays; ${report.hintsSent} hints sent, ${report.leasesStarted} leases and ${report.cleanupsStarted} cleanups started`,
    ...(report.problem === null ? [] : [`problem: ${report.problem}`]),
  ].join('\n\n');
