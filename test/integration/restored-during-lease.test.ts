import { afterAll, beforeAll, expect, it } from 'vitest';
import { MESSAGES, type Workflows } from '../../contracts/messages.ts';
import { QUEUES } from '../../contracts/queues.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { cutShort, latest, leased, teamOf, untilShown, untilState } from '../setup/leases.ts';
import { loseRequest } from '../setup/lose-rows.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { until } from '../setup/until.ts';

/* A ledger that was restored from a backup lacks what a lease knows: its extension, or its whole row. */

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const HOUR_MS = 3_600_000;

it('keeps a cluster until its extended end, although the ledger has lost the extension', async () => {
  const team = await teamOf(harness, 'forgetful');
  const known = await leased(harness, 'extended', { team });
  await harness.ledger.setBudget(team, 'total', known.holdMicros, 'test');
  // The ledger is set back to before the extension. The lease's next run gets what the last run knew.
  const row = await cutShort(harness, 'extended', { leftMs: 3_000 });
  const lease = harness.client.workflow.getHandle(known.owner);
  await lease.terminate('the test starts it again with what it knew');
  const promisedMs = Date.now() + 2 * HOUR_MS;
  await harness.client.workflow.start<Workflows['leaseCluster']>('leaseCluster', {
    workflowId: known.owner,
    taskQueue: QUEUES.provisioning,
    args: [{ creation: { ...row, leaseUntilMs: promisedMs } }],
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
  });
  await untilShown(harness, known, 'parked', 'Unfunded');
  await until(() => Promise.resolve(Date.now() > (row.leaseUntilMs ?? 0) + 500), { what: 'the end in the ledger' });
  await expectLeased(harness, 'extended');

  await teamOf(harness, team);
  await untilShown(harness, known, 'leased', null);
  expect((await latest(harness, 'extended')).leaseUntilMs).toBe(promisedMs);
  await harness.muster.release('extended');
  await untilState(harness, 'extended', 'released');
});

it('keeps an order while its row is lost, and releases when the row is rebuilt', async () => {
  const team = await teamOf(harness, 'lost');
  const creation = await leased(harness, 'lost', { team, durationMs: undefined });
  const { key, clusterId, owner } = creation;
  const trace = await until(() => harness.muster.trace({ key, clusterId: clusterId ?? '' }), { what: 'its trace' });
  await cutShort(harness, 'lost', { leftMs: 4_000 });
  await untilShown(harness, creation, 'leased', null);
  await loseRequest(harness.db, creation);
  // When it funds the next slice, it finds no row.
  await untilShown(harness, creation, 'parked', 'NotInLedger');
  const lease = harness.client.workflow.getHandle(owner);
  await lease.executeUpdate(MESSAGES.release.name, { args: [{ who: 'ada', why: 'done' }] });

  await harness.muster.restore(trace);
  // It asks the ledger again after ten minutes, or at once after an order. The first order counts.
  await harness.muster.release('lost');
  expect(await untilState(harness, 'lost', 'released')).toMatchObject({ whyText: 'released by ada: done' });
  await expectNothingLeft(harness, 'lost');
});

it('gives up a look that fails three times, and can still be released', async () => {
  const { key, owner } = await leased(harness, 'unseen');
  await harness.control.addFaults({
    operation: 'DescribeCluster',
    times: 'always',
    match: { clusterName: key },
    fault: { kind: 'error', type: 'InternalFailure', status: 500 },
  });
  await harness.client.workflow.getHandle(owner).signal(MESSAGES.hint.name, { key, observed: 'failed' });
  await until(
    async () => {
      const { events } = await harness.client.workflow.getHandle(owner).fetchHistory();
      const isThird = events?.some((event) => event.activityTaskFailedEventAttributes != null);
      const tries = events?.filter((event) => event.activityTaskStartedEventAttributes?.attempt === 3);
      return isThird === true && tries?.length === 1;
    },
    { what: 'a look that is given up' },
  );
  await harness.control.clearFaults();
  await expectLeased(harness, 'unseen');
  await harness.muster.release('unseen');
  await untilState(harness, 'unseen', 'released');
});
