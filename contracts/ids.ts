/** Workflow ids. TypeScript builds them only here; the ledger's SQL knows the forms
 * `provision/`, `cleanup/` and `cluster/` too. Without zod, because workflows import this file. */

/** The one workflow of a request. */
export const requestWorkflowId = (requestId: string): string => `provision/${requestId}`;

/** The request id in a request's workflow id; undefined for any other workflow. */
export const requestOfWorkflow = (workflowId: string): string | undefined =>
  workflowId.startsWith('provision/') ? workflowId.slice('provision/'.length) : undefined;

/** The lease of a creation: it owns the ready cluster until its release. */
export const leaseWorkflowId = (requestId: string, number: number): string => `cluster/${requestId}/${number}`;

/** The cleanup of a creation whose owner does not run. */
export const cleanupWorkflowId = (key: string): string => `cleanup/${key}`;

/** The cleanup of one late cluster. A key may have several late clusters, so each has its own id. */
export const lateClusterWorkflowId = (key: string, clusterId: string): string => `cleanup/${key}/${clusterId}`;

/** The monitor of a provider's region. */
export const monitorWorkflowId = (provider: string, region: string): string => `monitor/${provider}/${region}`;

/** The short workflow of one operation of a client. */
export const operationWorkflowId = (operation: string, subject: string, id: string): string =>
  `${operation}/${subject}/${id}`;
