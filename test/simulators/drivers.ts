import type { SimulatorControl, SimulatorName } from '../../simulators/index.ts';
import { container, REGION as ALIBABA_REGION, startFixture as startAlibabaEcs } from './alibaba-ecs/harness.ts';
import { creation, startFixture as startSageMaker } from './sagemaker/harness.ts';
import { startFixture as startTensorPool } from './tensorpool/harness.ts';

/** A running simulator, with what the tests of all providers do to it. */
export interface DrivenSimulator {
  readonly control: SimulatorControl;
  /** Creates a cluster of this name. Rejects when the call fails. */
  create(name: string): Promise<unknown>;
  close(): Promise<void>;
}

/** How the tests of all providers use one of them. */
export interface Driver {
  readonly region: string;
  /** The operation that creates a cluster. */
  readonly createCall: string;
  /** An operation that only reads. */
  readonly listCall: string;
  readonly start: (options: { folder?: string; seed?: string }) => Promise<DrivenSimulator>;
}

export const DRIVERS: Readonly<Record<SimulatorName, Driver>> = {
  sagemaker: {
    region: 'us-west-2',
    createCall: 'CreateCluster',
    listCall: 'ListClusters',
    start: async (options) => {
      const fixture = await startSageMaker({}, options);
      return { ...fixture, create: (name) => fixture.client.send(creation(name)) };
    },
  },
  'alibaba-ecs': {
    region: ALIBABA_REGION,
    createCall: 'CreateHpcCluster',
    listCall: 'DescribeHpcClusters',
    start: async (options) => {
      const fixture = await startAlibabaEcs({}, options);
      return { ...fixture, create: (name) => fixture.client.createHpcCluster(container(name)) };
    },
  },
  tensorpool: {
    region: 'global',
    createCall: 'cluster.create',
    listCall: 'cluster.list',
    start: async (options) => startTensorPool({}, options),
  },
};
