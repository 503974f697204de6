import pc from 'picocolors';
import { table } from '../client/terminal/table.ts';
import { formatDuration } from '../client/terminal/time.ts';
import { formatMicros } from '../contracts/money.ts';
import { defaultDataFolder } from '../platform/stack-note.ts';
import type { ExampleResult } from './examples.ts';
import type { Stack } from './stack.ts';

/** One row of the result table. */
function row(result: ExampleResult): string[] {
  const creations = result.receipt?.creations ?? [];
  const last = creations.at(-1);
  const held = creations.filter(({ state }) => state === 'leased').reduce((sum, { holdMicros }) => sum + holdMicros, 0);
  return [
    result.requestId,
    result.outcome === 'ready' ? pc.green('ready') : pc.yellow(`failed: ${result.failure?.type ?? ''}`),
    last === undefined ? '' : `${last.provider} ${last.region}`,
    String(result.receipt?.creationCount ?? creations.length),
    result.cluster ? String(result.cluster.access?.nodeCount ?? '') : '',
    last === undefined ? '' : `${formatMicros(last.hourlyMicros)}/h`,
    formatMicros(held),
    formatMicros(result.receipt?.costMicros ?? 0),
    formatDuration(result.elapsedMs),
    result.asExpected ? pc.green('yes') : pc.red('NO'),
  ];
}

/** The results of the examples as a table, followed by the address of each request's page. */
export function resultText(results: readonly ExampleResult[]): string {
  const head = ['request', 'end', 'last placement', 'tries', 'nodes', 'price', 'held', 'spent', 'took', 'as expected'];
  const width = Math.max(...results.map(({ requestId }) => requestId.length));
  const pages = results.flatMap(({ requestId, url }) =>
    url === null ? [] : [`  ${requestId.padEnd(width)}  ${pc.cyan(url)}`],
  );
  const told = pages.length > 0 ? ['', 'Their pages in the Web UI:', ...pages] : [];
  return [table(head, results.map(row)), ...told].join('\n');
}

/**
 * What the user can do with a stack that runs.
 * @param ready a request that has a cluster, for the commands to try
 */
export function nextStepsText({ temporal, simulators }: Stack, dataDir: string, ready: string | undefined): string {
  const { address, namespace, uiUrl } = temporal;
  const commands = ['list', ...(ready === undefined ? [] : [`describe ${ready}`, `release ${ready}`]), 'doctor'];
  const lines = [
    named('Web UI', uiUrl === undefined ? 'of the server at TEMPORAL_ADDRESS' : pc.cyan(uiUrl)),
    named('Temporal', `${address}, namespace ${namespace}`),
    named('Try', 'in another terminal:'),
    // Commands find the stack of the default folder by themselves.
    ...(dataDir === defaultDataFolder() ? [] : exports(address, uiUrl).map(indented)),
    ...commands.map((command) => indented(`npm run -s muster -- ${command}`)),
  ];
  const end =
    simulators === null
      ? `Ctrl-C ends it. ${dataDir} records your clusters: keep it while one exists.`
      : 'Ctrl-C ends it. The next start goes on with its data; --reset deletes them.';
  return ['', ...lines, pc.dim(end)].join('\n');
}

const named = (name: string, value: string): string => `${pc.bold(name.padEnd(9))} ${value}`;
const indented = (command: string): string => `${' '.repeat(10)}${pc.cyan(command)}`;
const exports = (address: string, uiUrl: string | undefined): string[] => [
  `export TEMPORAL_ADDRESS=${address}${uiUrl === undefined ? '' : ` MUSTER_UI_URL=${uiUrl}`}`,
];
