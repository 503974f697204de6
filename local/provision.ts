import { createMuster } from '../client/muster.ts';
import type { LiveLines } from '../client/terminal/live-lines.ts';
import { showRequests } from '../client/terminal/request-lines.ts';
import { connectClient } from '../platform/connection.ts';
import {
  EXAMPLE_BUDGET,
  nextStart,
  OUT_OF_CAPACITY,
  resultOf,
  submitExamples,
  type ExampleResult,
} from './examples.ts';
import { releaseLeases } from './release-leases.ts';
import type { Stack } from './stack.ts';

/** The outcome of all examples. */
export interface Provisioned {
  readonly results: readonly ExampleResult[];
  /** What the ledger's audit found; empty if the ledger is consistent. */
  readonly ledgerFaults: readonly string[];
  /** Whether all examples had the expected outcome, and the ledger is consistent. */
  readonly ok: boolean;
}

/** Releases the clusters of earlier starts, then provisions the examples and shows their progress. */
export async function provisionExamples(stack: Stack, dataDir: string, view: LiveLines): Promise<Provisioned> {
  const { address, namespace, uiUrl } = stack.temporal;
  const client = await connectClient({ address, namespace });
  try {
    const muster = createMuster(client, { uiUrl: uiUrl ?? null });
    const released = await releaseLeases(client, 'local');
    if (released > 0) view.print(`releasing ${released} cluster${released === 1 ? '' : 's'} of earlier starts`);
    const { provider, ...limit } = OUT_OF_CAPACITY;
    await stack.simulators?.control(provider).setCapacity(limit);
    await muster.setBudget(EXAMPLE_BUDGET.team, 'total', EXAMPLE_BUDGET.limitMicros, { who: 'local' });
    const examples = await submitExamples(muster, nextStart(dataDir));
    const ids = examples.map(({ requestId }) => requestId);
    await showRequests(muster, ids, view);
    const results = await Promise.all(examples.map((example) => resultOf(muster, example)));
    const ledgerFaults = await muster.audit();
    return { results, ledgerFaults, ok: results.every(({ asExpected }) => asExpected) && ledgerFaults.length === 0 };
  } finally {
    await client.connection.close();
  }
}
