import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { HintSignal } from '../../contracts/messages.ts';
import { MESSAGES } from '../../contracts/messages.ts';
import type { OwnerRun } from './compare.ts';

/** Owners' runs, as a monitor sees and tells them. */
export interface OwnerRuns {
  /**
   * Workflow ids of owners that run, each with its phase, by Temporal's visibility: it comes late, so one that it does
   * not show is asked for by `stateOf`.
   */
  running(): Promise<ReadonlyMap<string, string | undefined>>;
  /** One owner, as Temporal itself knows it. */
  stateOf(workflowId: string): Promise<OwnerRun>;
  /** Whether the hint reached a run. */
  tell(workflowId: string, hint: HintSignal): Promise<boolean>;
}

const PHASE = defineSearchAttributeKey('MusterPhase', 'KEYWORD');

/** Owners of a region: those whose attributes say so. */
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
    stateOf: async (workflowId) => {
      try {
        const { status, closeTime } = await client.workflow.getHandle(workflowId).describe();
        // Paused is running: somebody means it to stand still.
        return closeTime === undefined || status.name === 'RUNNING'
          ? undefined
          : { closedAtMs: closeTime.getTime(), completed: status.name === 'COMPLETED' };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { closedAtMs: null, completed: false };
        throw error;
      }
    },
    tell: async (workflowId, hint) => {
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
