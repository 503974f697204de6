/** Money is whole micro-dollars (1 USD = 1 000 000), so that sums never drift. */
export const MICROS_PER_USD = 1_000_000;

/** Milliseconds in an hour: prices are an hour, times are milliseconds. */
const MS_PER_HOUR = 3_600_000n;

/**
 * What a cluster costs over a time, rounded up to a whole micro-dollar.
 * @param hourlyMicros price of the whole cluster, micro-dollars an hour
 * @param durationMs how long it bills, milliseconds; negative counts as zero
 */
export function costMicros(hourlyMicros: number, durationMs: number): number {
  return Number((BigInt(hourlyMicros) * BigInt(Math.max(0, Math.ceil(durationMs))) + MS_PER_HOUR - 1n) / MS_PER_HOUR);
}

/** Micro-dollars as a person reads them: `$1,234.50`; sums below a cent keep their digits. */
export function formatMicros(micros: number): string {
  const usd = micros / MICROS_PER_USD;
  const digits = usd !== 0 && Math.abs(usd) < 0.01 ? 6 : 2;
  return `${usd < 0 ? '-' : ''}$${Math.abs(usd).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** The same without a dollar sign, `1,234.50 USD`: Markdown pages take what stands between two of them for a formula. */
export const formatUsd = (micros: number): string => `${formatMicros(micros).replace('$', '')} USD`;
