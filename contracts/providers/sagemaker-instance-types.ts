/**
 * The instance types of a HyperPod cluster, one family on each line. Source: the `ClusterInstanceType` enum of
 * @aws-sdk/client-sagemaker 3.1142.0, and two that only botocore 1.44.5 has (ml.c8a.16xlarge, ml.m8a.16xlarge).
 */
const SIZES_BY_FAMILY: Readonly<Record<string, string>> = {
  c5: '12xlarge 18xlarge 24xlarge 2xlarge 4xlarge 9xlarge large xlarge',
  c5n: '18xlarge 2xlarge 4xlarge 9xlarge large',
  c6a: '12xlarge 16xlarge 24xlarge 2xlarge 32xlarge 48xlarge 4xlarge 8xlarge large xlarge',
  c6g: '12xlarge 16xlarge 2xlarge 4xlarge 8xlarge large medium xlarge',
  c6i: '12xlarge 16xlarge 24xlarge 2xlarge 32xlarge 4xlarge 8xlarge large xlarge',
  c7g: '12xlarge 16xlarge 2xlarge 4xlarge 8xlarge large medium xlarge',
  c8a: '16xlarge',
  c8g: '12xlarge 16xlarge 24xlarge 2xlarge 48xlarge 4xlarge 8xlarge large medium xlarge',
  g4dn: '12xlarge 16xlarge 2xlarge 4xlarge 8xlarge xlarge',
  g5: '12xlarge 16xlarge 24xlarge 2xlarge 48xlarge 4xlarge 8xlarge xlarge',
  g6: '12xlarge 16xlarge 24xlarge 2xlarge 48xlarge 4xlarge 8xlarge xlarge',
  g6e: '12xlarge 16xlarge 24xlarge 2xlarge 48xlarge 4xlarge 8xlarge xlarge',
  g7: '12xlarge 24xlarge 2xlarge 48xlarge 4xlarge 8xlarge',
  g7e: '12xlarge 24xlarge 2xlarge 48xlarge 4xlarge 8xlarge',
  gr6: '4xlarge 8xlarge',
  i3en: '12xlarge 24xlarge 2xlarge 3xlarge 6xlarge large xlarge',
  m5: '12xlarge 16xlarge 24xlarge 2xlarge 4xlarge 8xlarge large xlarge',
  m6a: '12xlarge 16xlarge 24xlarge 2xlarge 32xlarge 48xlarge 4xlarge 8xlarge large xlarge',
  m6g: '12xlarge 16xlarge 2xlarge 4xlarge 8xlarge large medium xlarge',
  m6i: '12xlarge 16xlarge 24xlarge 2xlarge 32xlarge 4xlarge 8xlarge large xlarge',
  m7g: '12xlarge 16xlarge 2xlarge 4xlarge 8xlarge large medium xlarge',
  m7i: '12xlarge 16xlarge 24xlarge 2xlarge 48xlarge 4xlarge 8xlarge large xlarge',
  m8a: '16xlarge',
  m8g: '12xlarge 16xlarge 24xlarge 2xlarge 48xlarge 4xlarge 8xlarge large medium xlarge',
  p4d: '24xlarge',
  p4de: '24xlarge',
  p5: '48xlarge 4xlarge',
  p5e: '48xlarge',
  p5en: '48xlarge',
  'p6-b200': '48xlarge',
  'p6-b300': '48xlarge',
  'p6e-gb200': '36xlarge',
  r5d: '16xlarge',
  r6i: '12xlarge 16xlarge 24xlarge 2xlarge 32xlarge 4xlarge 8xlarge large xlarge',
  r7i: '12xlarge 16xlarge 24xlarge 2xlarge 48xlarge 4xlarge 8xlarge large xlarge',
  t3: '2xlarge large medium xlarge',
  trn1: '32xlarge',
  trn1n: '32xlarge',
  trn2: '3xlarge 48xlarge',
};

/** Every accepted instance type, such as `ml.p5.48xlarge`. */
export const SAGEMAKER_INSTANCE_TYPES: ReadonlySet<string> = new Set(
  Object.entries(SIZES_BY_FAMILY).flatMap(([family, sizes]) => sizes.split(' ').map((size) => `ml.${family}.${size}`)),
);
