import { InvalidArgumentError, Option } from 'commander';
import type { Location } from '../../contracts/health.ts';
import { MICROS_PER_USD } from '../../contracts/money.ts';
import { definitionOf, PROVIDER_NAMES } from '../../contracts/providers/registry.ts';

/** Parses an amount in USD to micro-dollars. */
export function parseUsd(text: string): number {
  const micros = Math.round(Number(text) * MICROS_PER_USD);
  if (!/^\d+(\.\d{1,6})?$/.test(text) || !Number.isSafeInteger(micros)) {
    throw new InvalidArgumentError('It must be an amount in USD such as 1000 or 99.50.');
  }
  return micros;
}

/** Makes a parser of whole numbers within bounds. */
export const parseWholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** Parses a duration such as `30m`, `4h` or `2d` to ms. */
export function parseDuration(text: string): number {
  const ms = durationMsOf(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError('It must be a duration such as 30m, 4h or 2d.');
}

/** Parses a duration before now (`2h`, `3d`), a date or a time to ms since the epoch. A date means 0:00 UTC. */
export function parseSince(text: string, nowMs = Date.now()): number {
  const agoMs = durationMsOf(text);
  const atMs = agoMs === undefined ? timeMsOf(text) : nowMs - agoMs;
  if (atMs !== undefined) return atMs;
  throw new InvalidArgumentError('It must be a duration before now such as 90m, 2h, 3d, or a date such as 2026-11-01.');
}

/** Parses a date or a time in the future to ms since the epoch. A date means 0:00 UTC. */
export function parseFutureTime(text: string, nowMs = Date.now()): number {
  const atMs = timeMsOf(text);
  if (atMs === undefined) throw new InvalidArgumentError('It must be a time such as 2026-11-21T18:00Z, or a date.');
  if (atMs <= nowMs) throw new InvalidArgumentError('It must be in the future.');
  return atMs;
}

/** Parses a location such as `sagemaker/us-west-2`, and appends it to the ones before. */
export function parseLocations(text: string, before: readonly Location[] = []): readonly Location[] {
  const [provider = '', region = '', ...rest] = text.split('/');
  if (!PROVIDER_NAMES.some((name) => name === provider) || rest.length > 0) {
    throw new InvalidArgumentError(`It must be <provider>/<region>, the provider one of ${PROVIDER_NAMES.join(', ')}.`);
  }
  const known = definitionOf(provider).region.safeParse(region);
  if (!known.success) throw new InvalidArgumentError(`Its region ${known.error.issues[0]?.message ?? 'is not valid'}.`);
  return [...before, { provider, region }];
}

/** The option that names locations to search. */
export const locationOption = (): Option =>
  new Option(
    '--location <provider/region...>',
    "search there; by default wherever the ledger has creations, and in each provider's default region",
  ).argParser(parseLocations);

function durationMsOf(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (UNITS_MS[unit ?? ''] ?? 0);
}

function timeMsOf(text: string): number | undefined {
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const atMs = isDate ? Date.parse(text) : Number.NaN;
  // Date.parse reads November 31 as December 1.
  const day = text.slice(0, 10);
  return !Number.isNaN(atMs) && new Date(`${day}T00:00Z`).toISOString().startsWith(day) ? atMs : undefined;
}
