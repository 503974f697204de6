import { leaseWorkflowId, requestWorkflowId } from '../contracts/ids.ts';

/** URLs of pages in Temporal's Web UI; null when the UI's address is not known. */
export interface Links {
  request(requestId: string): string | null;
  lease(requestId: string, number: number): string | null;
}

/** @param uiUrl URL of the Web UI, such as http://127.0.0.1:8233 */
export function createLinks(uiUrl: string | null | undefined, namespace: string): Links {
  const page = (workflowId: string): string | null =>
    uiUrl == null ? null : `${uiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
  return {
    request: (requestId) => page(requestWorkflowId(requestId)),
    lease: (requestId, number) => page(leaseWorkflowId(requestId, number)),
  };
}
