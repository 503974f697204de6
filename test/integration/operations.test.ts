import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATION_TIMEOUT_MS } from '../../contracts/limits.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { ROLES } from '../../workers/roles.ts';
import { until } from '../setup/until.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

/** The workflow of an operation, as lists in the Web UI show it. */
async function runOf(operation: string, subject: string) {
  const prefix = `${operation}/${subject}/`;
  const run = await until(
    async () => {
      for await (const each of harness.client.workflow.list({ query: `WorkflowId STARTS_WITH '${prefix}'` }))
        return each;
      return undefined;
    },
    { what: `a run of ${prefix}` },
  );
  const description = await harness.client.workflow.getHandle(run.workflowId).describe();
  const { workflowExecutionTimeout } = description.raw.executionConfig ?? {};
  return {
    type: description.type,
    summary: await description.staticSummary(),
    expiryMs: optionalTsToMs(workflowExecutionTimeout ?? undefined),
  };
}

it('shows a read with its name, and ends it some time after its caller stopped waiting', async () => {
  await harness.muster.budget('research');
  expect(await runOf('readBudget', 'research')).toEqual({
    ...{ type: 'runOperation', summary: 'readBudget research', expiryMs: 2 * OPERATION_TIMEOUT_MS },
  });
});

it('never lets an order expire', async () => {
  await harness.muster.setBudget('writers', 'total', 5);
  await harness.muster.cancel('never-submitted');
  expect(await runOf('setBudget', 'writers')).toMatchObject({ type: 'runOperation', expiryMs: undefined });
  expect(await runOf('cancelRequest', 'never-submitted')).toMatchObject({ type: 'cancelRequest', expiryMs: undefined });
});

it('fails after its timeout when no worker answers; an order still takes effect later', async () => {
  const stopped = await createHarness({ roles: ROLES.filter((role) => role !== 'workflows') });
  try {
    const [read, order] = await Promise.allSettled([stopped.muster.budgets(), stopped.muster.cancel('cancelled')]);
    expect(read).toMatchObject({
      reason: {
        ...{ name: 'UnreachableError', message: 'no worker answered "listBudgets" within 30 s', next: 'muster doctor' },
        hint: expect.stringContaining('Nothing was changed') as string,
      },
    });
    expect(order).toMatchObject({
      reason: { name: 'UnreachableError', hint: expect.stringContaining('The order is kept') as string },
    });
    expect(await stopped.ledger.reports.readRecord({ requestId: 'cancelled' })).toBeNull();
    await stopped.startWorkers(['workflows']);
    await until(async () => (await stopped.ledger.reports.readRecord({ requestId: 'cancelled' }))?.cancel, {
      what: 'the cancel in the ledger',
    });
  } finally {
    await stopped.stop();
  }
}, 90_000);
