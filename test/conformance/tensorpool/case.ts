import { tensorpoolProvider } from '../../../activities/providers/tensorpool/adapter.ts';
import { Placement } from '../../../contracts/providers/registry.ts';
import { startSimulator } from '../../../simulators/index.ts';
import type { ProviderCase } from '../kit/case.ts';
import { ERRORS, OUTCOMES, VENDOR_FAULTS } from './errors.ts';
import { FAULT_TABLE } from './fault-table.ts';
import { STATES } from './states.ts';

const REGION = 'global';

export const tensorpoolCase: ProviderCase = {
  name: 'tensorpool',
  region: REGION,

  start: async ({ speed, callTimeoutMs, lags, allowsDuplicateNames = false }) => {
    const names = allowsDuplicateNames ? 'not-unique' : 'unique';
    const simulator = await startSimulator('tensorpool', {
      ...{ durations: { ...lags }, behaviour: { names } },
      ...{ seed: 'conformance', speed },
    });
    const { url, apiKey, control } = simulator;
    const adapters = new Set<{ close(): void }>();
    const adapterAt = (endpoint: string) => {
      const adapter = tensorpoolProvider({ endpoint, apiKey, callTimeoutMs });
      adapters.add(adapter);
      return adapter;
    };
    return {
      control,
      provider: adapterAt(url),
      adapterAt,
      rename: async (clusterId, name) => {
        const { status } = await fetch(`${url}/cluster/edit/${clusterId}`, {
          method: 'PATCH',
          headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({ cluster_name: name }),
        });
        if (status !== 202) throw new Error(`${clusterId} was not renamed: ${status}`);
      },
      addTags: () => Promise.reject(new Error('TensorPool has no tags.')),
      stop: async () => {
        await simulator.close();
        for (const adapter of adapters) adapter.close();
      },
    };
  },

  placement: () =>
    Placement.parse({
      provider: 'tensorpool',
      hourlyPriceMicros: 40_000_000,
      spec: { instanceType: '8xH100', numNodes: 2, publicKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 test'] },
    }),

  createCall: 'cluster.create',
  deleteCall: 'cluster.destroy',
  listCall: 'cluster.list',
  getCall: 'cluster.info',
  allowsDuplicateNames: true,
  allowsRenames: true,
  expiryCall: null,
  unknownId: 'c-neverexisted',
  pageSize: null,
  ownTags: () => ({}),
  // Only the name identifies a cluster: any cluster with our key as its name counts as ours.
  foreignTags: () => [],
  vendorFaults: VENDOR_FAULTS,
  errors: ERRORS,
  states: STATES,
  outcomes: OUTCOMES,
  faultTable: FAULT_TABLE,
};
