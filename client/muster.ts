import { WorkflowFailedError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { ProvisionedCluster } from '../contracts/cluster.ts';
import type { Check, DryRun, Location } from '../contracts/health.ts';
import { requestWorkflowId } from '../contracts/ids.ts';
import { MESSAGES, type RequestStatus, type Workflows } from '../contracts/messages.ts';
import type { ClusterList } from '../contracts/reports.ts';
import type { ProvisioningRequestInput } from '../contracts/request.ts';
import { auditOperations, type Audits } from './audits.ts';
import { budgetOperations, type BudgetOperations } from './budgets.ts';
import { describeRequest } from './describe.ts';
import type { RequestReport, RequestView } from './views.ts';
import { createLinks } from './links.ts';
import type { ListFilter } from './list-query.ts';
import { listRequests, type RequestList } from './list.ts';
import { createOperations } from './operations.ts';
import { requestOrders, type RequestOrders } from './orders.ts';
import { withTypedErrors } from './rpc-errors.ts';
import { failureOfRun } from './workflow-failures.ts';
import { asPhase, phaseOfRun } from './run-phase.ts';
import { planOf, submit, type Submitted, type SubmitOptions } from './submit.ts';

/** Settings of the library. */
export interface MusterOptions {
  /** Address of Temporal's Web UI, such as http://127.0.0.1:8233, for links. */
  readonly uiUrl?: string | null;
}

/** Which clusters. Fields that are absent leave all. */
export interface ClusterFilter {
  readonly team?: string;
  readonly provider?: string;
}

/** Muster, for code: start requests, await clusters, give orders. */
export interface Muster extends RequestOrders, BudgetOperations, Audits {
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
  /** Clusters that are leased or being released, by the ledger, the longest leased first. @throws UnreachableError */
  clusters(filter?: ClusterFilter): Promise<ClusterList>;
  /** Has every worker look at its own part: the ledger, and these providers and regions. Changes nothing. */
  checkHealth(locations: readonly Location[]): Promise<readonly Check[]>;
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
  const run = createOperations(client);

  const muster: Muster = {
    submit: (request, options = {}) => withTypedErrors('request', () => submit(client, request, options)),

    status: (requestId) =>
      withTypedErrors(
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
      withTypedErrors(
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

    list: (filter = {}) => withTypedErrors('the list', () => listRequests(client, links, filter)),

    describe: (requestId) =>
      describeRequest(
        {
          status: (id) => muster.status(id),
          record: (id) => run('readRecord', id, { requestId: id }),
          links,
        },
        requestId,
      ),

    clusters: ({ team = null, provider = null } = {}) => run('listClusters', team ?? 'all', { team, provider }),

    ...requestOrders(run),
    ...budgetOperations(run),
    ...auditOperations(client, run),

    checkHealth: (locations) => run('checkHealth', 'all', { locations }),

    // A faulty request fails here, before any worker is asked.
    dryRun: async (request) => run('dryRun', planOf(request).plan.requestId, request),
  };
  return muster;
}
