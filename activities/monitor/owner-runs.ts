import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { HintSignal } from '../../contracts/messages.ts';
import { MESSAGES } from '../../contracts/messages.ts';
import type { ClosedRun } from './compare.ts';

/** The owners' runs, as a monitor uses them. */
export interface OwnerRuns {
  /**
   * The workflow ids of running owners, each with its phase, by Temporal's visibility. Visibility is delayed: ask for an
   * owner that is missing here by `closedRun`.
   */
  running(): Promise<ReadonlyMap<string, string | undefined>>;
  /** How the owner's last run closed, by Temporal itself; undefined while it runs. */
  closedRun(workflowId: string): Promise<ClosedRun | undefined>;
  /** Sends a hint. @returns whether it reached a run */
  notify(workflowId: string, hint: HintSignal): Promise<boolean>;
}

const PHASE = defineSearchAttributeKey('MusterPhase', 'KEYWORD');

/** The owners in a region, by their search attributes. */
export function createOwnerRuns(client: Client, provider: string, region: string): OwnerRuns {
  const query =
    `ExecutionStatus = 'Running' AND WorkflowType IN ('provisionCluster', 'leaseCluster', 'cleanupCreation') ` +
    `AND MusterProvider = '${provider}' AND MusterRegion = '${region}'`;
  return {
    running: async () => {
      const phases = new Map<string, string | undefined>();
      for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query, pageSize: 1_000 })) {
        phases.set(workflowId, typedSearchAttributes.get(PHASE));
      }
      return phases;
    },
    closedRun: async (workflowId) => {
      try {
        const { status, closeTime } = await client.workflow.getHandle(workflowId).describe();
        // A paused run counts as running: somebody has stopped it on purpose.
        return closeTime === undefined || status.name === 'RUNNING'
          ? undefined
          : { closedAtMs: closeTime.getTime(), completed: status.name === 'COMPLETED' };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { closedAtMs: null, completed: false };
        throw error;
      }
    },
    notify: async (workflowId, hint) => {
      try {
        await client.workflow.getHandle(workflowId).signal<[HintSignal]>(MESSAGES.hint.name, hint);
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
}
