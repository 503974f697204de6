import type { Connection } from '@temporalio/client';

/**
 * The id that Temporal gave a namespace. A namespace that was deleted and made again under its name has another one.
 * @throws where Temporal answers without an id
 */
export async function namespaceId(connection: Connection, namespace: string): Promise<string> {
  const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace });
  if (!namespaceInfo?.id) throw new Error(`Temporal names no id of namespace "${namespace}"`);
  return namespaceInfo.id;
}
