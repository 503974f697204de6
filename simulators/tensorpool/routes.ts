import { destroyCluster, editCluster } from './change-cluster.ts';
import type { Operation } from './context.ts';
import { createCluster } from './create-cluster.ts';
import { clusterQuote, health, healthz, requestInfo, sshKeys, userInfo } from './read-account.ts';
import { clusterInfo, clusterOperations, listClusters, sshCommand } from './read-clusters.ts';

/** One call of the service. `{id}` in its path stands for one segment. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly act: Operation;
  /** Changes something, so that the state must be written after it. */
  readonly changes?: boolean;
  /** Needs no key. */
  readonly open?: boolean;
}

/** Every call served; the operation's name is what fault rules and the journal say. */
const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/healthz', operation: 'healthz', act: healthz, open: true },
  { method: 'POST', path: '/health', operation: 'health', act: health },
  { method: 'POST', path: '/cluster/create', operation: 'cluster.create', act: createCluster, changes: true },
  { method: 'GET', path: '/cluster/list', operation: 'cluster.list', act: listClusters },
  { method: 'GET', path: '/cluster/quote', operation: 'cluster.quote', act: clusterQuote },
  { method: 'GET', path: '/cluster/info/{id}', operation: 'cluster.info', act: clusterInfo },
  { method: 'GET', path: '/cluster/operations/{id}', operation: 'cluster.operations', act: clusterOperations },
  { method: 'PATCH', path: '/cluster/edit/{id}', operation: 'cluster.edit', act: editCluster, changes: true },
  { method: 'DELETE', path: '/cluster/{id}', operation: 'cluster.destroy', act: destroyCluster, changes: true },
  { method: 'GET', path: '/request/info/{id}', operation: 'request.info', act: requestInfo },
  { method: 'GET', path: '/ssh/{id}', operation: 'ssh', act: sshCommand },
  { method: 'GET', path: '/user/info', operation: 'user.info', act: userInfo },
  { method: 'GET', path: '/user/ssh-key/list', operation: 'user.ssh-keys', act: sshKeys },
];

const PATTERNS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace('{id}', '(?<id>[^/]+)')}$`),
}));

const OPERATIONS: ReadonlyMap<string, Operation> = new Map(ROUTES.map(({ operation, act }) => [operation, act]));

/** What carries an operation out by its name; for calls whose effect was put off. */
export const operationNamed = (name: string): Operation | undefined => OPERATIONS.get(name);

/** The route of a path and the id in it; `wrong-method` where the path exists. */
export function routeOf(
  method: string,
  path: string,
): { readonly route: Route; readonly id: string } | 'wrong-method' | undefined {
  const hits = PATTERNS.flatMap(({ route, pattern }) => {
    const match = pattern.exec(path);
    return match === null ? [] : [{ route, id: decodeURIComponent(match.groups?.['id'] ?? '') }];
  });
  return hits.find(({ route }) => route.method === method) ?? (hits.length > 0 ? 'wrong-method' : undefined);
}
