import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { latest, leased, untilShown, untilState } from '../setup/leases.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { untilSwept } from '../setup/sweeps.ts';
import { until } from '../setup/until.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const PLACE = { provider: 'sagemaker', region: 'us-west-2' };

/** Sets a row back to its state before the lease, as in a ledger that was restored from a backup of that time. */
const setBack = (requestId: string) =>
  harness.db.admin.query(
    `with back as (
       update muster.creation set state = 'open', owner = $2, leased_at_ms = null, lease_until_ms = null,
         condition = null, condition_at_ms = null, opened_at_ms = opened_at_ms - 3600000
       where request_id = $1 returning 1)
     update muster.request set outcome = null, ended_at_ms = null where id = $1`,
    [requestId, requestWorkflowId(requestId)],
  );

it('does not touch a cluster in use when its ledger was restored from before its lease, until the row is rebuilt', async () => {
  const creation = await leased(harness, 'set-back');
  await setBack('set-back');
  const finding = await until(
    async () => {
      const { regions } = await harness.muster.auditAll([PLACE]);
      return regions.flatMap(({ findings }) => findings).find(({ kind }) => kind === 'unowned');
    },
    { what: 'the audit to name it' },
  );
  expect(finding).toMatchObject({ remedy: 'rebuild', clusterId: creation.clusterId, key: creation.key });
  await untilShown(harness, creation, 'parked', 'NotInLedger');
  for (let sweeps = 0; sweeps < 3; sweeps += 1) await untilSwept(harness.workers, PLACE);
  expect(await latest(harness, 'set-back')).toMatchObject({ state: 'open', clusterId: creation.clusterId });

  const { key, clusterId } = creation;
  const trace = await until(() => harness.muster.trace({ key, clusterId: clusterId ?? '' }), { what: 'its trace' });
  expect(await harness.muster.restore(trace)).toMatchObject({ state: 'leased', owner: creation.owner });
  await expectLeased(harness, 'set-back');
  expect(await harness.ledger.audit()).toEqual([]);

  await harness.muster.release('set-back');
  await untilState(harness, 'set-back', 'released');
  await expectNothingLeft(harness, 'set-back');
});
