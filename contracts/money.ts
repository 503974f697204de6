/** Money is in whole micro-dollars (1 USD = 1 000 000), so that sums are exact. */
export const MICROS_PER_USD = 1_000_000;

/** Milliseconds in an hour: prices are per hour, times are in milliseconds. */
const MS_PER_HOUR = 3_600_000n;

/**
 * What a cluster costs in a time, rounded up to a whole micro-dollar.
 * @param hourlyMicros price of the whole cluster, micro-dollars an hour
 * @param durationMs how long it is billed, ms; a negative time counts as zero
 */
export function costMicros(hourlyMicros: number, durationMs: number): number {
  return Number((BigInt(hourlyMicros) * BigInt(Math.max(0, Math.ceil(durationMs))) + MS_PER_HOUR - 1n) / MS_PER_HOUR);
}

/** Micro-dollars as text: `$1,234.50`. Amounts below a cent keep all digits. */
export function formatMicros(micros: number): string {
  const usd = micros / MICROS_PER_USD;
  const digits = usd !== 0 && Math.abs(usd) < 0.01 ? 6 : 2;
  return `${usd < 0 ? '-' : ''}$${Math.abs(usd).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** The same as `1,234.50 USD`: Markdown pages show text between two dollar signs as a formula. */
export const formatUsd = (micros: number): string => `${formatMicros(micros).replace('$', '')} USD`;
