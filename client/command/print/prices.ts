import pc from 'picocolors';
import { formatMicros } from '../../../contracts/money.ts';
import type { Price } from '../../../contracts/providers/definition.ts';
import { columns } from '../../terminal/columns.ts';

/** Prices of one instance, and their sources. */
export function pricesText(prices: readonly Price[]): string {
  const sources = [...new Set(prices.map(({ source }) => source))];
  const rows = prices.map((price) => [
    price.provider,
    price.region,
    pc.bold(price.instanceType),
    formatMicros(price.hourlyMicros),
    `[${sources.indexOf(price.source) + 1}]`,
  ]);
  const notes = sources.map((source, index) => pc.dim(`[${index + 1}] ${source}`));
  return [columns(['provider', 'region', 'type', 'price/h', 'source'], rows, [3]), ...notes].join('\n');
}
