import pc from 'picocolors';
import { table } from '../client/terminal/table.ts';
import { duration } from '../client/terminal/time.ts';
import { formatMicros } from '../contracts/money.ts';
import type { ExampleResult } from './examples.ts';

/** One line of the result table. */
function row(result: ExampleResult): string[] {
  const last = result.receipt?.creations.at(-1);
  return [
    result.requestId,
    result.outcome === 'ready' ? pc.green('ready') : pc.yellow(`failed: ${result.failure?.type ?? ''}`),
    last === undefined ? '' : `${last.provider} ${last.region}`,
    String(result.receipt?.creations.length ?? 0),
    last === undefined ? '' : `${formatMicros(last.hourlyMicros)}/h`,
    formatMicros(result.receipt?.costMicros ?? 0),
    result.cluster ? String(result.cluster.access?.nodeCount ?? '') : '',
    duration(result.elapsedMs),
    result.asExpected ? pc.green('yes') : pc.red('NO'),
  ];
}

/** The examples' results as a table. */
export const resultTable = (results: readonly ExampleResult[]): string =>
  table(
    ['request', 'end', 'last placement', 'creations', 'price', 'cost of what ended', 'nodes', 'took', 'as expected'],
    results.map(row),
  );
