import type { Price } from './definition.ts';

/**
 * Prices of common instance types, to hold by. SageMaker has no price call, and HyperPod's list could not be read when this
 * was written. Each row is the EC2 on-demand Linux list price of the same hardware in us-east-1, as widely quoted before the
 * price cuts of June 2025, plus 20 % for the service. They are rather too high, so that a hold covers the bill. A request
 * with a better price states `hourlyPriceMicros`. A type or region that is missing here needs it.
 */
const SOURCE = 'EC2 on-demand list price (us-east-1, Linux, early 2025) + 20 %; an estimate to reserve by, not a quote';

const REGIONS = ['us-east-1', 'us-east-2', 'us-west-2'];

const HOURLY_MICROS: Readonly<Record<string, number>> = {
  'ml.c5.xlarge': 204_000,
  'ml.m5.xlarge': 231_000,
  'ml.g5.xlarge': 1_208_000,
  'ml.g5.8xlarge': 2_938_000,
  'ml.g5.12xlarge': 6_807_000,
  'ml.g5.48xlarge': 19_546_000,
  'ml.p4d.24xlarge': 39_328_000,
  'ml.p4de.24xlarge': 49_160_000,
  'ml.p5.48xlarge': 117_984_000,
  'ml.trn1.32xlarge': 25_800_000,
};

export const SAGEMAKER_PRICES: readonly Price[] = REGIONS.flatMap((region) =>
  Object.entries(HOURLY_MICROS).map(([instanceType, hourlyMicros]) => ({
    provider: 'sagemaker',
    region,
    instanceType,
    hourlyMicros,
    source: SOURCE,
  })),
);
