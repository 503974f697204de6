import { InvalidArgumentError } from 'commander';
import { MICROS_PER_USD } from '../../contracts/money.ts';

/** Parses an amount in USD to micro-dollars. */
export function usd(text: string): number {
  const micros = Math.round(Number(text) * MICROS_PER_USD);
  if (!/^\d+(\.\d{1,6})?$/.test(text) || !Number.isSafeInteger(micros)) {
    throw new InvalidArgumentError('It must be an amount in USD such as 1000 or 99.50.');
  }
  return micros;
}

/** Parses a whole number within bounds. */
export const wholeNumber =
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

/** Parses `2h`, `3d`, a date or a time to ms since the epoch: so long ago, or that moment. A date begins at 0:00 UTC. */
export function since(text: string, nowMs = Date.now()): number {
  const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (amount !== undefined) return nowMs - Number(amount) * (UNITS_MS[unit ?? ''] ?? 0);
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const atMs = isDate ? Date.parse(text) : Number.NaN;
  // Date.parse takes the 31st of November for the 1st of December.
  if (!Number.isNaN(atMs) && new Date(`${text.slice(0, 10)}T00:00Z`).toISOString().startsWith(text.slice(0, 10))) {
    return atMs;
  }
  throw new InvalidArgumentError('It must be a time ago such as 90m, 2h, 3d, or a date such as 2026-11-01.');
}
