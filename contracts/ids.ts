/** Workflow ids, each built here and nowhere else. Zod-free: workflows import this file. */

/** The one workflow of a request. */
export const requestWorkflowId = (requestId: string): string => `provision/${requestId}`;

/** The request that such an id is of; undefined for any other workflow's. */
export const requestOfWorkflow = (workflowId: string): string | undefined =>
  workflowId.startsWith('provision/') ? workflowId.slice('provision/'.length) : undefined;

/** The lease: owner of a ready cluster up to its release. */
export const leaseWorkflowId = (requestId: string, number: number): string => `cluster/${requestId}/${number}`;

/** The cleanup that makes a creation without an owner absent. */
export const cleanupWorkflowId = (key: string): string => `cleanup/${key}`;

/** The cleanup of one cluster that was born too late under a key: another one's must not be in its way. */
export const lateClusterWorkflowId = (key: string, clusterId: string): string => `cleanup/${key}/${clusterId}`;

/** The one observer of a provider's region. */
export const monitorWorkflowId = (provider: string, region: string): string => `monitor/${provider}/${region}`;

/** The short workflow of one operation of a client. */
export const operationWorkflowId = (operation: string, subject: string, id: string): string =>
  `${operation}/${subject}/${id}`;
