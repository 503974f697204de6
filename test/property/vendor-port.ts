import type { Provider } from '../../activities/providers/provider.ts';
import type { Vendor } from './vendor.ts';

/** The simulated vendor as a provider adapter. */
export function vendorPort(vendor: Vendor, name: string): Provider {
  const answered =
    <A extends unknown[], T>(call: string, run: (...args: A) => T) =>
    (...args: A): Promise<T> =>
      new Promise((resolve) => {
        resolve(vendor.answer(call, () => run(...args)));
      });
  return {
    name,
    idempotency: vendor.idempotency,
    calls: [],
    find: answered('find', (_region, key) => vendor.find(key)),
    list: answered('list', (_region, text) => vendor.list(text)),
    create: answered('create', (_region, call) => ({ clusterId: vendor.create(call) })),
    observe: answered('observe', (_region, id) => vendor.observe(id)),
    access: answered('access', (_region, id) => ({
      clusterId: id,
      clusterName: '',
      nodeCount: 1,
      nodes: [],
      login: [],
    })),
    delete: answered('delete', (_region, id) => {
      vendor.delete(id);
    }),
    units: () => Promise.resolve([]),
    identity: () => Promise.resolve('nobody'),
    nonexistentId: 'nobody',
    close: () => undefined,
  };
}
