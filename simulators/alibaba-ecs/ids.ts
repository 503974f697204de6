import { randomFor } from '../core/random.ts';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const STEM_LENGTH = 17;
const INDEX_LENGTH = 3;

/** The id of a region's container of this number. */
export function hpcClusterId(seed: string, region: string, number: number): string {
  return `hpc-${randomFor(seed, 'hpc', region, number).text(ALPHABET, STEM_LENGTH)}`;
}

/** The id of an instance of a region's run of this number. All ids of a run share a stem and count up, as at the service. */
export function instanceId(seed: string, region: string, number: number, index: number): string {
  const stem = randomFor(seed, 'run', region, number).text(ALPHABET, STEM_LENGTH);
  return `i-${stem}${index.toString(ALPHABET.length).padStart(INDEX_LENGTH, '0')}`;
}

/** The private address of a region's instance of this number. The service reserves a subnet's first and last addresses. */
export function privateIp(number: number): string {
  return `10.${Math.floor(number / 62_500) % 256}.${Math.floor(number / 250) % 250}.${1 + (number % 250)}`;
}
