import { WorkflowFailedError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Budget } from '../contracts/activities.ts';
import type { ProvisionedCluster } from '../contracts/cluster.ts';
import { orderWorkflowId, requestWorkflowId } from '../contracts/ids.ts';
import {
  MESSAGES,
  type CancelReply,
  type Order,
  type ReleaseReply,
  type RequestStatus,
  type WorkflowName,
  type Workflows,
} from '../contracts/messages.ts';
import type { Phase } from '../contracts/phases.ts';
import { QUEUES } from '../contracts/queues.ts';
import type { ProvisioningRequestInput } from '../contracts/request.ts';
import { NotFoundError, OrderRefusedError } from './errors.ts';
import { createLinks } from './links.ts';
import { ordered, reached } from './reach.ts';
import { failureOfRun } from './results.ts';
import { submit, type Submitted, type SubmitOptions } from './submit.ts';

/** Who orders something, and why: both go to the ledger or the lease's page. */
export interface OrderOptions {
  readonly who?: string;
  readonly why?: string;
  /** Names the order: given twice, it counts once. By default each call is an order of its own. */
  readonly orderId?: string;
}

/** Where a request is, as far as it can be read. */
export interface RequestView {
  readonly requestId: string;
  readonly workflowId: string;
  readonly runId: string;
  /** How Temporal sees the run: RUNNING, COMPLETED, FAILED, CANCELLED, TERMINATED, TIMED_OUT. */
  readonly run: string;
  /** Null where the run ended from outside, or has not begun. */
  readonly phase: Phase | null;
  /** Details, where a worker answered. */
  readonly status: RequestStatus | null;
  /** When this run began and ended, ms since the epoch; it ends never while null. */
  readonly startedAtMs: number;
  readonly closedAtMs: number | null;
  /** Its page in the Web UI; null where the UI's address is not known. */
  readonly url: string | null;
}

/** Settings of the library. */
export interface MusterOptions {
  /** Address of Temporal's Web UI, such as http://127.0.0.1:8233, for links. */
  readonly uiUrl?: string | null;
}

/** Muster, for code: start requests, await clusters, give orders. */
export interface Muster {
  /**
   * Starts a request, or joins the one that has its id.
   * @throws InvalidRequestError, UnknownPriceError, RequestConflictError, UnreachableError
   */
  submit(request: ProvisioningRequestInput, options?: SubmitOptions): Promise<Submitted>;
  /** @throws NotFoundError */
  status(requestId: string): Promise<RequestView>;
  /**
   * Waits for the end of a request, however long it takes.
   * @throws RequestFailedError with its type and receipt, RequestCancelledError, NotFoundError
   */
  result(requestId: string): Promise<ProvisionedCluster>;
  /** Cancels a request that is not ready yet. @throws OrderRefusedError once it is ready: use release */
  cancel(requestId: string, options?: OrderOptions): Promise<CancelReply>;
  /** Deletes a request's ready cluster and books its cost. @throws OrderRefusedError where there is none */
  release(requestId: string, options?: OrderOptions): Promise<ReleaseReply>;
  /** @throws NotFoundError for a team without a budget */
  budget(team: string): Promise<Budget>;
  setBudget(team: string, period: 'total' | 'month', limitMicros: number, options?: OrderOptions): Promise<Budget>;
  /** Every disagreement inside the ledger; an empty list is well. */
  audit(): Promise<readonly string[]>;
}

const PHASE = defineSearchAttributeKey('MusterPhase', 'KEYWORD');

/** @param client connected to the namespace that the workers serve */
export function createMuster(client: Client, { uiUrl }: MusterOptions = {}): Muster {
  const links = createLinks(uiUrl, client.options.namespace);
  const by = (options: OrderOptions): { who: string; why: string } => ({
    who: options.who ?? 'client',
    why: options.why ?? '',
  });

  /** Runs a short workflow to its end. */
  async function run<W extends WorkflowName>(
    workflow: W,
    subject: string,
    args: Parameters<Workflows[W]>,
    orderId: string = globalThis.crypto.randomUUID(),
  ): Promise<Awaited<ReturnType<Workflows[W]>>> {
    return reached(subject, () =>
      ordered(
        workflow,
        client.workflow.execute<Workflows[W]>(workflow, {
          workflowId: orderWorkflowId(workflow, subject, orderId),
          taskQueue: QUEUES.provisioning,
          workflowIdConflictPolicy: 'USE_EXISTING',
          args,
          staticSummary: `${workflow} ${subject}`,
        } as Parameters<typeof client.workflow.execute<Workflows[W]>>[1]) as Promise<Awaited<ReturnType<Workflows[W]>>>,
      ),
    );
  }

  const order = (requestId: string, options: OrderOptions): Order => ({
    requestId,
    orderId: options.orderId ?? globalThis.crypto.randomUUID(),
    ...by(options),
  });

  return {
    submit: (request, options = {}) => reached('request', () => submit(client, request, options)),

    status: (requestId) =>
      reached(`request "${requestId}"`, async () => {
        const handle = client.workflow.getHandle(requestWorkflowId(requestId));
        const description = await handle.describe();
        // A query needs a worker; the run's state does not.
        const status = await handle.query<RequestStatus | null>(MESSAGES.status.name).catch(() => null);
        const phase = description.typedSearchAttributes.get(PHASE) as Phase | undefined;
        return {
          requestId,
          workflowId: description.workflowId,
          runId: description.runId,
          run: description.status.name,
          phase: status?.phase ?? phase ?? null,
          status,
          startedAtMs: description.startTime.getTime(),
          closedAtMs: description.closeTime?.getTime() ?? null,
          url: links.request(requestId),
        };
      }),

    result: (requestId) =>
      reached(`request "${requestId}"`, async () => {
        const handle = client.workflow.getHandle<Workflows['provisionCluster']>(requestWorkflowId(requestId));
        try {
          return await handle.result();
        } catch (error) {
          throw error instanceof WorkflowFailedError ? failureOfRun(requestId, error) : error;
        }
      }),

    cancel: async (requestId, options = {}) => {
      const what = order(requestId, options);
      const reply = await run('cancelRequest', requestId, [what], what.orderId);
      if (reply.outcome === 'use-release') {
        throw new OrderRefusedError(
          'invalid',
          `request "${requestId}" is ready: use release`,
          `muster release ${requestId}`,
        );
      }
      return reply;
    },

    release: async (requestId, options = {}) => {
      const what = order(requestId, options);
      const reply = await run('releaseRequest', requestId, [what], what.orderId);
      if (reply.outcome === 'not-leased') {
        throw new OrderRefusedError(
          'invalid',
          `request "${requestId}" has no ready cluster`,
          `See muster status ${requestId}; while it is not ready, use muster cancel.`,
        );
      }
      return reply;
    },

    budget: async (team) => {
      try {
        return await run('showBudget', team, [{ team }]);
      } catch (error) {
        if (!(error instanceof WorkflowFailedError)) throw error;
        throw new NotFoundError(
          'invalid',
          `team "${team}" has no budget`,
          `muster budget ${team} --limit 1000 sets one of 1000 USD`,
        );
      }
    },

    setBudget: (team, period, limitMicros, options = {}) =>
      run('setBudget', team, [{ team, period, limitMicros, who: by(options).who }]),

    audit: () => run('auditLedger', 'ledger', []),
  };
}
