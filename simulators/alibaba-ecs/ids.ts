import { randomFor } from '../core/random.ts';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const STEM_LENGTH = 17;
const INDEX_LENGTH = 3;

/** The id of a region's nth container. */
export function hpcClusterId(seed: string, region: string, nth: number): string {
  return `hpc-${randomFor(seed, 'hpc', region, nth).text(ALPHABET, STEM_LENGTH)}`;
}

/** The id of the `index`th instance of a region's nth run: one stem for all, counted up, as the service does it. */
export function instanceId(seed: string, region: string, nth: number, index: number): string {
  const stem = randomFor(seed, 'run', region, nth).text(ALPHABET, STEM_LENGTH);
  return `i-${stem}${index.toString(ALPHABET.length).padStart(INDEX_LENGTH, '0')}`;
}

/** The private address of a region's nth instance. The service keeps a subnet's first and last addresses. */
export function privateIp(nth: number): string {
  return `10.${Math.floor(nth / 62_500) % 256}.${Math.floor(nth / 250) % 250}.${1 + (nth % 250)}`;
}
