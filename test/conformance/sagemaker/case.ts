import { AddTagsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { sagemakerProvider } from '../../../activities/providers/sagemaker/adapter.ts';
import { SAGEMAKER_KEY_TAG, SageMakerPlacement } from '../../../contracts/providers/sagemaker.ts';
import { startSimulators } from '../../../simulators/index.ts';
import type { ProviderCase } from '../kit/case.ts';
import { ERRORS, OUTCOMES, VENDOR_FAULTS } from './errors.ts';
import { FAULT_TABLE } from './fault-table.ts';
import { STATES } from './states.ts';
import { anInstanceGroup, aPlacement } from '../../builders/request.ts';

const REGION = 'us-west-2';

export const sagemakerCase: ProviderCase = {
  name: 'sagemaker',
  region: REGION,

  start: async ({ speed, callTimeoutMs, lags }) => {
    const simulators = await startSimulators({ speed, sagemaker: { durations: { ...lags } } });
    const { url, accessKeyId, secretAccessKey, control } = simulators.sagemaker;
    const credentials = { accessKeyId, secretAccessKey };
    const adapters = new Set<{ close(): void }>();
    const adapterAt = (endpoint: string) => {
      const adapter = sagemakerProvider({ endpoint, credentials, callTimeoutMs });
      adapters.add(adapter);
      return adapter;
    };
    return {
      control,
      provider: adapterAt(url),
      adapterAt,
      addTags: async (ResourceArn, tags) => {
        const client = new SageMakerClient({ endpoint: url, region: REGION, credentials });
        const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        await client.send(new AddTagsCommand({ ResourceArn, Tags }));
        client.destroy();
      },
      rename: () => Promise.reject(new Error('SageMaker does not rename clusters.')),
      stop: async () => {
        await simulators.close();
        for (const adapter of adapters) adapter.close();
      },
    };
  },

  placement: (kind) =>
    SageMakerPlacement.parse(
      aPlacement(REGION, {
        instanceGroups: [
          anInstanceGroup({
            instanceType: 'ml.p5.48xlarge',
            ...(kind === 'usual' ? {} : { minInstanceCount: 1 }),
          }),
        ],
      }),
    ),

  createCall: 'CreateCluster',
  deleteCall: 'DeleteCluster',
  listCall: 'ListClusters',
  getCall: 'DescribeCluster',
  allowsDuplicateNames: false,
  allowsRenames: false,
  expiryCall: null,
  unknownId: `arn:aws:sagemaker:${REGION}:123456789012:cluster/neverexisted`,
  pageSize: 100,
  ownTags: (key) => ({ [SAGEMAKER_KEY_TAG]: key }),
  foreignTags: (key) => [
    { what: 'another key', tags: { [SAGEMAKER_KEY_TAG]: `${key.slice(0, -1)}9` }, mayBeLate: false },
    { what: 'a longer value', tags: { [SAGEMAKER_KEY_TAG]: `${key}x` }, mayBeLate: false },
    { what: 'a shorter value', tags: { [SAGEMAKER_KEY_TAG]: key.slice(0, -1) }, mayBeLate: false },
    { what: 'the value in upper case', tags: { [SAGEMAKER_KEY_TAG]: key.toUpperCase() }, mayBeLate: false },
    { what: 'no value', tags: { [SAGEMAKER_KEY_TAG]: '' }, mayBeLate: false },
    { what: 'the tag in upper case', tags: { [SAGEMAKER_KEY_TAG.toUpperCase()]: key }, mayBeLate: true },
    { what: 'a tag with a longer name', tags: { [`${SAGEMAKER_KEY_TAG}2`]: key }, mayBeLate: true },
    { what: 'no tag', tags: {}, mayBeLate: true },
  ],
  vendorFaults: VENDOR_FAULTS,
  errors: ERRORS,
  states: STATES,
  outcomes: OUTCOMES,
  faultTable: FAULT_TABLE,
};
