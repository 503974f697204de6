import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { createMuster } from '../../client/muster.ts';
import type { Phase } from '../../contracts/phases.ts';

const TEAM = 'bench';
const REGION = 'us-west-2';
/** Far more than all requests hold, micro-dollars. */
const LIMIT_MICROS = 1_000_000_000_000_000;
/** Requests that are submitted at once. */
const AT_ONCE = 25;
/** Longer than a run takes. */
const READY_TIMEOUT_MS = 6 * 3_600_000;
const POLL_MS = 500;
/** Longest time without progress. After it the run fails. */
const STANDSTILL_MS = 5 * 60_000;

/** Submits requests, each for a cluster of two nodes at SageMaker. */
export async function submitAll(client: Client, count: number): Promise<void> {
  const muster = createMuster(client);
  await muster.setBudget(TEAM, 'total', LIMIT_MICROS);
  for (let from = 0; from < count; from += AT_ONCE) {
    const indices = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => from + index);
    await Promise.all(indices.map((index) => muster.submit(request(`waiting-${index}`))));
  }
}

/** Waits until all requests are in this phase. @throws when their number does not change for 5 minutes */
export async function untilAll(client: Client, phase: Phase, count: number): Promise<void> {
  const query = `WorkflowType = 'provisionCluster' AND MusterPhase = '${phase}'`;
  let best = { count: -1, atMs: performance.now() };
  for (;;) {
    const { count: there } = await client.workflow.count(query);
    if (there === count) return;
    if (there > best.count) best = { count: there, atMs: performance.now() };
    if (performance.now() - best.atMs > STANDSTILL_MS) throw new Error(`only ${there} of ${count} are ${phase}`);
    await pause(POLL_MS);
  }
}

const request = (requestId: string) => ({
  requestId,
  team: TEAM,
  readyTimeoutMs: READY_TIMEOUT_MS,
  placements: [
    {
      provider: 'sagemaker' as const,
      region: REGION,
      spec: {
        instanceGroups: [
          {
            instanceGroupName: 'workers',
            instanceType: 'ml.g5.xlarge',
            instanceCount: 2,
            executionRole: 'arn:aws:iam::123456789012:role/hyperpod',
          },
        ],
      },
    },
  ],
  durationMs: 24 * 3_600_000,
});
