import { randomFor } from '../core/random.ts';

const SUFFIX_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const SUFFIX_LENGTH = 12;

/** The ARN of a region's cluster of this number. A new cluster never gets an ARN that was used before. */
export function clusterArn(seed: string, region: string, accountId: string, number: number): string {
  const suffix = randomFor(seed, 'arn', accountId, region, number).text(SUFFIX_ALPHABET, SUFFIX_LENGTH);
  return `arn:${partitionOf(region)}:sagemaker:${region}:${accountId}:cluster/${suffix}`;
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
