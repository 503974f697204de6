import { destroyCluster, editCluster } from './change-cluster.ts';
import type { Operation } from './context.ts';
import { createCluster } from './create-cluster.ts';
import { clusterQuote, health, healthz, requestInfo, sshKeys, userInfo } from './read-account.ts';
import { clusterInfo, clusterOperations, listClusters, sshCommand } from './read-clusters.ts';

/** One call of the service. `{id}` in its path is one segment. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly run: Operation;
  /** Whether it changes something, so that the state must be written after it. */
  readonly changes?: boolean;
  /** Whether it needs no key. */
  readonly open?: boolean;
}

/** Every call. The name of its operation is the one in fault rules and in the journal. */
const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/healthz', operation: 'healthz', run: healthz, open: true },
  { method: 'POST', path: '/health', operation: 'health', run: health },
  { method: 'POST', path: '/cluster/create', operation: 'cluster.create', run: createCluster, changes: true },
  { method: 'GET', path: '/cluster/list', operation: 'cluster.list', run: listClusters },
  { method: 'GET', path: '/cluster/quote', operation: 'cluster.quote', run: clusterQuote },
  { method: 'GET', path: '/cluster/info/{id}', operation: 'cluster.info', run: clusterInfo },
  { method: 'GET', path: '/cluster/operations/{id}', operation: 'cluster.operations', run: clusterOperations },
  { method: 'PATCH', path: '/cluster/edit/{id}', operation: 'cluster.edit', run: editCluster, changes: true },
  { method: 'DELETE', path: '/cluster/{id}', operation: 'cluster.destroy', run: destroyCluster, changes: true },
  { method: 'GET', path: '/request/info/{id}', operation: 'request.info', run: requestInfo },
  { method: 'GET', path: '/ssh/{id}', operation: 'ssh', run: sshCommand },
  { method: 'GET', path: '/user/info', operation: 'user.info', run: userInfo },
  { method: 'GET', path: '/user/ssh-key/list', operation: 'user.ssh-keys', run: sshKeys },
];

const PATTERNS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace('{id}', '(?<id>[^/]+)')}$`),
}));

const OPERATIONS: ReadonlyMap<string, Operation> = new Map(ROUTES.map(({ operation, run }) => [operation, run]));

/** The operation of this name. @throws when there is none */
export function operationNamed(name: string): Operation {
  const operation = OPERATIONS.get(name);
  if (operation === undefined) throw new RangeError(`There is no operation ${name}.`);
  return operation;
}

/** The route of a call and the id in its path; `wrong-method` where the path exists with another method. */
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
