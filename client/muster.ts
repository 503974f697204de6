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
import { requestError } from './workflow-failures.ts';
import { asPhase, phaseOfRun } from './run-phase.ts';
import { planOf, submit, type Submitted, type SubmitOptions } from './submit.ts';

/** Settings of the library. */
export interface MusterOptions {
  /** URL of Temporal's Web UI, such as http://127.0.0.1:8233, for links. */
  readonly uiUrl?: string | null;
}

/** Which clusters. An absent field does not filter. */
export interface ClusterFilter {
  readonly team?: string;
  readonly provider?: string;
}

/** Muster, for code: start requests, wait for clusters, give orders. */
export interface Muster extends RequestOrders, BudgetOperations, Audits {
  /**
   * Starts a request, or joins the one with the same id and body.
   * @throws InvalidRequestError, UnknownPriceError, RequestConflictError, UnreachableError
   */
  submit(request: ProvisioningRequestInput, options?: SubmitOptions): Promise<Submitted>;
  /**
   * Requests by Temporal's visibility, the latest run of each id: running ones first, newest first; then ended ones, last
   * ended first. Costs no billable action.
   * @throws InvalidFilterError, UnreachableError
   */
  list(filter?: ListFilter): Promise<RequestList>;
  /**
   * All that Temporal and the ledger know of a request, also when its run is forgotten or was terminated.
   * @throws NotFoundError when neither knows it, UnreachableError
   */
  describe(requestId: string): Promise<RequestReport>;
  /** The state of a request's latest run. @throws NotFoundError, UnreachableError */
  status(requestId: string): Promise<RequestView>;
  /**
   * Waits for the end of a request, however long it takes.
   * @throws RequestFailedError with its type and receipt, RequestCancelledError, NotFoundError, UnreachableError
   */
  result(requestId: string): Promise<ProvisionedCluster>;
  /** Clusters that are leased or being released, by the ledger, longest leased first. @throws UnreachableError */
  clusters(filter?: ClusterFilter): Promise<ClusterList>;
  /** Has workers check the ledger and these locations. Changes nothing. @throws UnreachableError */
  checkHealth(locations: readonly Location[]): Promise<readonly Check[]>;
  /**
   * Tries a request without creating or reserving anything: workers plan it, and check its budget and its providers.
   * @throws InvalidRequestError, UnknownPriceError, UnreachableError
   */
  dryRun(request: ProvisioningRequestInput): Promise<DryRun>;
}

/** The command to run when Temporal has no run of a request: the ledger may know it. */
const describeCommand = (requestId: string): string => `muster describe ${requestId}`;

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
          // A query needs a worker; the description does not.
          const status = await handle.query<RequestStatus | null>(MESSAGES.status.name).catch(() => null);
          const lastPhase = status?.phase ?? asPhase(description.typedSearchAttributes.get(PHASE));
          return {
            requestId,
            workflowId: description.workflowId,
            runId: description.runId,
            run: description.status.name,
            phase: phaseOfRun(description.status.name, lastPhase),
            status,
            startedAtMs: description.startTime.getTime(),
            closedAtMs: description.closeTime?.getTime() ?? null,
            url: links.request(requestId),
          };
        },
        describeCommand(requestId),
      ),

    result: (requestId) =>
      withTypedErrors(
        `request "${requestId}"`,
        async () => {
          const handle = client.workflow.getHandle<Workflows['provisionCluster']>(requestWorkflowId(requestId));
          try {
            return await handle.result();
          } catch (error) {
            throw error instanceof WorkflowFailedError ? requestError(requestId, error) : error;
          }
        },
        describeCommand(requestId),
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
