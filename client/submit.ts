import { WorkflowExecutionAlreadyStartedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { requestWorkflowId } from '../contracts/ids.ts';
import type { Workflows } from '../contracts/messages.ts';
import type { Plan } from '../contracts/plan.ts';
import { planRequest } from '../contracts/planning.ts';
import { QUEUES } from '../contracts/queues.ts';
import { parseRequest, type ProvisioningRequest } from '../contracts/request.ts';
import { canonicalHash } from '../platform/canonical-hash.ts';
import { InvalidRequestError, RequestConflictError, UnknownPriceError } from './errors.ts';

export interface SubmitOptions {
  /** Starts a failed request again. Without it a failed request is joined, and its failure is the result. */
  readonly again?: boolean;
}

/** A request that was submitted. */
export interface Submitted {
  readonly requestId: string;
  readonly workflowId: string;
  readonly runId: string;
  /** started: this call started the run; joined: the run existed already. */
  readonly outcome: 'started' | 'joined';
}

/** Parses and prices a request; needs no server. @throws InvalidRequestError, UnknownPriceError */
export function planOf(input: unknown): { readonly request: ProvisioningRequest; readonly plan: Plan } {
  const parsed = parseRequest(input);
  if ('faults' in parsed) throw new InvalidRequestError(parsed.faults);
  const plan = planRequest(parsed.request, canonicalHash(parsed.request), 1);
  if ('type' in plan) {
    throw new UnknownPriceError(
      'invalid',
      plan.message,
      'State hourlyPriceMicros in that placement. Nothing was reserved or created.',
      { next: 'muster prices' },
    );
  }
  return { request: parsed.request, plan };
}

/** Starts the request's workflow, or joins the one with its id. @throws RequestConflictError */
export async function submit(client: Client, input: unknown, { again = false }: SubmitOptions): Promise<Submitted> {
  const { request, plan } = planOf(input);
  const submissionId = globalThis.crypto.randomUUID();
  const start = (
    reuse: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE',
  ): Promise<WorkflowHandle<Workflows['provisionCluster']>> =>
    client.workflow.start<Workflows['provisionCluster']>('provisionCluster', {
      workflowId: requestWorkflowId(request.requestId),
      taskQueue: QUEUES.provisioning,
      args: [request],
      workflowIdReusePolicy: reuse,
      workflowIdConflictPolicy: 'USE_EXISTING',
      memo: { bodyHash: plan.bodyHash, submissionId },
      staticSummary: `${request.team}: ${summary(request)}`,
      staticDetails: details(plan),
    });
  try {
    await start('REJECT_DUPLICATE');
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const closed = await client.workflow.getHandle(requestWorkflowId(request.requestId)).describe();
    // A stopped run continues from the ledger's state. A failed one starts again only when the caller asks for it.
    const isStopped = closed.status.name === 'TERMINATED' || closed.status.name === 'TIMED_OUT';
    if (isStopped || (closed.status.name === 'FAILED' && again)) await start('ALLOW_DUPLICATE');
  }
  return readSubmitted(client, request.requestId, plan.bodyHash, submissionId);
}

/** Reads the run that now has the id: the same body, or a conflict. Once Temporal forgets it, the ledger detects conflicts. */
async function readSubmitted(
  client: Client,
  requestId: string,
  bodyHash: string,
  submissionId: string,
): Promise<Submitted> {
  const { memo, workflowId, runId } = await client.workflow.getHandle(requestWorkflowId(requestId)).describe();
  const existingHash = memo?.['bodyHash'];
  if (typeof existingHash === 'string' && existingHash !== bodyHash) {
    throw new RequestConflictError(
      'invalid',
      `request "${requestId}" exists with another body: a requestId names one body forever`,
      'Choose a new requestId, or see the existing request.',
      { next: `muster describe ${requestId}` },
    );
  }
  return { requestId, workflowId, runId, outcome: memo?.['submissionId'] === submissionId ? 'started' : 'joined' };
}

const summary = ({ placements }: ProvisioningRequest): string =>
  placements.map(({ provider, region }) => `${provider} in ${region}`).join(', else ');

const details = (plan: Plan): string =>
  plan.placements
    .map(
      ({ placementIndex, provider, region, nodesWanted }) =>
        `${placementIndex + 1}. ${provider} in ${region}, ${nodesWanted} nodes`,
    )
    .join('\n');
