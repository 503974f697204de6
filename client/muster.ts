import { WorkflowFailedError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { ProvisionedCluster } from '../contracts/cluster.ts';
import type { Check, DryRun, Place } from '../contracts/health.ts';
import { requestWorkflowId } from '../contracts/ids.ts';
import {
  MESSAGES,
  type CancelReply,
  type Order,
  type ReleaseReply,
  type RequestStatus,
  type Workflows,
} from '../contracts/messages.ts';
import { RequestId, type ProvisioningRequestInput } from '../contracts/request.ts';
import { budgetOrders, type BudgetOrders } from './budgets.ts';
import { describeRequest } from './describe.ts';
import { InvalidRequestError, OrderRefusedError } from './errors.ts';
import type { RequestReport, RequestView } from './views.ts';
import { createLinks } from './links.ts';
import type { ListFilter } from './list-query.ts';
import { listRequests, type RequestList } from './list.ts';
import { reached } from './reach.ts';
import { failureOfRun } from './results.ts';
import { asPhase, phaseOfRun } from './run-phase.ts';
import { shortWorkflows } from './short-workflows.ts';
import { planOf, submit, type Submitted, type SubmitOptions } from './submit.ts';

/** Who orders something, and why: both go to the ledger or the lease's page. */
export interface OrderOptions {
  readonly who?: string;
  readonly why?: string;
  /** Names the order: given twice, it counts once. By default each call is an order of its own. */
  readonly orderId?: string;
}

/** Settings of the library. */
export interface MusterOptions {
  /** Address of Temporal's Web UI, such as http://127.0.0.1:8233, for links. */
  readonly uiUrl?: string | null;
}

/** Muster, for code: start requests, await clusters, give orders. */
export interface Muster extends BudgetOrders {
  /**
   * Starts a request, or joins the one that has its id.
   * @throws InvalidRequestError, UnknownPriceError, RequestConflictError, UnreachableError
   */
  submit(request: ProvisioningRequestInput, options?: SubmitOptions): Promise<Submitted>;
  /**
   * Requests by Temporal's visibility, the latest run of each id: those that go on first, newest first, then those that
   * ended, last ended first. Reads only; costs no billable action.
   * @throws InvalidFilterError, UnreachableError
   */
  list(filter?: ListFilter): Promise<RequestList>;
  /**
   * All that Temporal and the ledger know of a request, also when its run is forgotten or was stopped from outside.
   * @throws NotFoundError where neither knows it, UnreachableError
   */
  describe(requestId: string): Promise<RequestReport>;
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
  /** Every disagreement inside the ledger; an empty list is well. */
  audit(): Promise<readonly string[]>;
  /** Has every worker look at its own part: the ledger, and these providers and regions. Changes nothing. */
  checkHealth(places: readonly Place[]): Promise<readonly Check[]>;
  /**
   * Tries a request without doing anything: plans it as the workers do, and looks whether its budget and its providers
   * would take it. Creates and reserves nothing.
   * @throws InvalidRequestError, UnknownPriceError, UnreachableError
   */
  dryRun(request: ProvisioningRequestInput): Promise<DryRun>;
}

/** Where to look when Temporal has no run. */
const recordOf = (requestId: string): string => `muster describe ${requestId}`;

const PHASE = defineSearchAttributeKey('MusterPhase', 'KEYWORD');

/** @param client connected to the namespace that the workers serve */
export function createMuster(client: Client, { uiUrl }: MusterOptions = {}): Muster {
  const links = createLinks(uiUrl, client.options.namespace);
  const run = shortWorkflows(client);
  const order = (requestId: string, { orderId, who = 'client', why = '' }: OrderOptions): Order => {
    // The ledger keeps a cancel for ever, also of a request that is not there yet: none for an id that cannot be.
    const parsed = RequestId.safeParse(requestId);
    if (!parsed.success) {
      const message = `"${requestId}" ${parsed.error.issues[0]?.message ?? 'is none'}`;
      throw new InvalidRequestError([{ path: 'requestId', message }]);
    }
    return { requestId, orderId: orderId ?? globalThis.crypto.randomUUID(), who, why };
  };

  const muster: Muster = {
    submit: (request, options = {}) => reached('request', () => submit(client, request, options)),

    status: (requestId) =>
      reached(
        `request "${requestId}"`,
        async () => {
          const handle = client.workflow.getHandle(requestWorkflowId(requestId));
          const description = await handle.describe();
          // A query needs a worker; the run's state does not.
          const status = await handle.query<RequestStatus | null>(MESSAGES.status.name).catch(() => null);
          const shown = status?.phase ?? asPhase(description.typedSearchAttributes.get(PHASE));
          return {
            requestId,
            workflowId: description.workflowId,
            runId: description.runId,
            run: description.status.name,
            phase: phaseOfRun(description.status.name, shown),
            status,
            startedAtMs: description.startTime.getTime(),
            closedAtMs: description.closeTime?.getTime() ?? null,
            url: links.request(requestId),
          };
        },
        recordOf(requestId),
      ),

    result: (requestId) =>
      reached(
        `request "${requestId}"`,
        async () => {
          const handle = client.workflow.getHandle<Workflows['provisionCluster']>(requestWorkflowId(requestId));
          try {
            return await handle.result();
          } catch (error) {
            throw error instanceof WorkflowFailedError ? failureOfRun(requestId, error) : error;
          }
        },
        recordOf(requestId),
      ),

    cancel: async (requestId, options = {}) => {
      const what = order(requestId, options);
      const reply = await run('cancelRequest', requestId, [what], what.orderId);
      if (reply.outcome === 'use-release') {
        throw new OrderRefusedError(
          'invalid',
          `request "${requestId}" is ready: use release`,
          'Releasing it deletes the cluster and books what it cost.',
          { next: `muster release ${requestId}` },
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
          'See what stands; while it is not ready, use cancel.',
          { next: `muster describe ${requestId}` },
        );
      }
      return reply;
    },

    list: (filter = {}) => reached('the list', () => listRequests(client, links, filter)),

    describe: (requestId) =>
      describeRequest(
        {
          status: (id) => muster.status(id),
          record: (id) => run('describeRequest', id, [{ requestId: id }]),
          links,
        },
        requestId,
      ),

    ...budgetOrders(run),

    audit: () => run('auditLedger', 'ledger', []),

    checkHealth: (places) => run('checkHealth', 'all', [{ places }]),

    dryRun: async (request) => {
      const { plan } = planOf(request);
      const tried = run('dryRun', plan.requestId, [request]);
      return tried.catch((error: unknown) => {
        throw error instanceof WorkflowFailedError ? failureOfRun(plan.requestId, error) : error;
      });
    },
  };
  return muster;
}
