import { AddTagsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { sagemakerProvider } from '../../../activities/providers/sagemaker/adapter.ts';
import { SAGEMAKER_KEY_TAG, SageMakerPlacement } from '../../../contracts/providers/sagemaker.ts';
import { startSimulators } from '../../../simulators/index.ts';
import type { ProviderCase } from '../kit/case.ts';
import { ERRORS, OUTCOMES, VENDOR_FAULTS } from './errors.ts';
import { ROWS } from './rows.ts';
import { SIGHTS } from './sights.ts';
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
      rename: () => Promise.reject(new Error('SageMaker renames no clusters.')),
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
  sharesNames: false,
  renames: false,
  expiryCall: null,
  unknownId: `arn:aws:sagemaker:${REGION}:123456789012:cluster/neverexisted`,
  pageSize: 100,
  ownTags: (key) => ({ [SAGEMAKER_KEY_TAG]: key }),
  strangers: (key) => [
    { what: 'another key', tags: { [SAGEMAKER_KEY_TAG]: `${key.slice(0, -1)}9` }, unsure: false },
    { what: 'a longer value', tags: { [SAGEMAKER_KEY_TAG]: `${key}x` }, unsure: false },
    { what: 'the beginning of the value', tags: { [SAGEMAKER_KEY_TAG]: key.slice(0, -1) }, unsure: false },
    { what: 'the value in capitals', tags: { [SAGEMAKER_KEY_TAG]: key.toUpperCase() }, unsure: false },
    { what: 'no value', tags: { [SAGEMAKER_KEY_TAG]: '' }, unsure: false },
    { what: 'the tag in capitals', tags: { [SAGEMAKER_KEY_TAG.toUpperCase()]: key }, unsure: true },
    { what: 'a tag that begins alike', tags: { [`${SAGEMAKER_KEY_TAG}2`]: key }, unsure: true },
    { what: 'no tag', tags: {}, unsure: true },
  ],
  vendorFaults: VENDOR_FAULTS,
  errors: ERRORS,
  readings: SIGHTS,
  outcomes: OUTCOMES,
  rows: ROWS,
};
