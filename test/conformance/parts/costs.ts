import { expect, it } from 'vitest';
import { until } from '../../setup/until.ts';
import type { ProviderCase } from '../kit/case.ts';
import { beginClosing, createdCluster, DEADLINE_PASSED, runToEnd, settle } from '../kit/creation-run.ts';
import { expectSettled } from '../kit/expectations.ts';
import { CALL_TIMEOUT_MS } from '../kit/faults.ts';
import { createWorld, type Fixture, type World } from '../kit/world.ts';

/** The delay of a reply that still arrives in time. */
const DELAY_MS = (2 / 3) * CALL_TIMEOUT_MS;
/** More than the visibility grace at the speed of these simulators. */
const MS_TO_SHOW = 20;

/** The booked cost covers a cluster's whole life. `expectSettled` checks this in every test; these are the hard cases. */
export function costs(providerCase: ProviderCase, fixture: () => Fixture): void {
  const { region, createCall, listCall, outcomes } = providerCase;
  const errorOf = outcomes.find(({ expectedEnd }) => expectedEnd === 'closed ClusterFailed');

  it.concurrent('books a cluster from its creation, not from the reply to the create', async () => {
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    await world.control.addFaults({ operation: createCall, fault: { kind: 'delay', when: 'after', ms: DELAY_MS } });
    await createdCluster(world, creation);
    await untilItMustShow(world, creation.key);
    await beginClosing(world, creation, DEADLINE_PASSED);
    await expectSettled(world, await settle(world, creation));
  });

  it.concurrent('books a cluster to its end, when it ends between two searches', async () => {
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    const { key } = creation;
    await runToEnd(world, creation);
    await untilItMustShow(world, key);
    await beginClosing(world, creation, DEADLINE_PASSED);
    await world.control.addFaults({ operation: listCall, fault: { kind: 'delay', when: 'before', ms: DELAY_MS } });
    const settling = settle(world, creation);
    await until(async () => (await world.control.faults()).length === 0, { what: 'a listing that waits' });
    await world.control.vanish({ region, name: key });
    await expectSettled(world, await settling);
  });

  it.concurrent('books the cost of a failed cluster', async () => {
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    const { fault, always } = errorOf ?? {};
    if (fault === undefined) throw new Error('this provider has no creation that fails');
    await world.control.addFaults({
      operation: always ?? createCall,
      fault,
      times: always === undefined ? 1 : 'always',
    });
    const end = await runToEnd(world, creation);
    if (end.end !== 'closed') throw new Error(`ended ${end.end}`);
    await expectSettled(world, end.settled);
    expect(end.settled.costMicros).toBeGreaterThan(0);
    expect(end.settled.costMicros).toBeLessThan(creation.holdMicros);
  });
}

/** Waits until a sent cluster must be visible, so that the next search may prove it absent. */
const untilItMustShow = ({ providerLedger }: World, key: string): Promise<unknown> =>
  until(
    async () => {
      const row = await providerLedger.read(key);
      return row !== undefined && row.nowMs > (row.sendUntilMs ?? Infinity) + MS_TO_SHOW;
    },
    { what: `the time by which ${key} must show` },
  );
