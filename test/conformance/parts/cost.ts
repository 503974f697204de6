import { expect, it } from 'vitest';
import { until } from '../../setup/until.ts';
import type { ProviderCase } from '../kit/case.ts';
import { CANCELLED, close, created, live, settle } from '../kit/life.ts';
import { expectSettled } from '../kit/oracle.ts';
import { CALL_TIMEOUT_MS } from '../kit/faults.ts';
import { createWorld, type Books, type World } from '../kit/world.ts';

/** As late as a reply may come. */
const DELAY_MS = (2 / 3) * CALL_TIMEOUT_MS;
/** More than the grace of a vendor that is as fast as these. */
const MS_TO_SHOW = 20;

/** What is booked pays for all of a cluster's life: the oracle of every settled life looks at it, these make it hard. */
export function costsAreCovered(providerCase: ProviderCase, books: () => Books): void {
  const { region, createCall, listCall, outcomes } = providerCase;
  const failing = outcomes.find(({ fate }) => fate === 'closed ClusterFailed');

  it.concurrent('counts from the birth, not from the reply that told of it', async () => {
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    await world.control.addFaults({ operation: createCall, fault: { kind: 'delay', when: 'after', ms: DELAY_MS } });
    await created(world, creation);
    await untilItMustShow(world, creation.key);
    await close(world, creation, CANCELLED);
    await expectSettled(world, await settle(world, creation));
  });

  it.concurrent('counts to the end, when it comes between two looks', async () => {
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    const { key } = creation;
    await live(world, creation);
    await untilItMustShow(world, key);
    await close(world, creation, CANCELLED);
    await world.control.addFaults({ operation: listCall, fault: { kind: 'delay', when: 'before', ms: DELAY_MS } });
    const settling = settle(world, creation);
    await until(async () => (await world.control.faults()).length === 0, { what: 'a listing that waits' });
    await world.control.vanish({ region, name: key });
    await expectSettled(world, await settling);
  });

  it.concurrent('books what a failed cluster cost before the next is paid for', async () => {
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    const { fault, always } = failing ?? {};
    if (fault === undefined) throw new Error('no creation of this provider fails');
    await world.control.addFaults({
      operation: always ?? createCall,
      fault,
      times: always === undefined ? 1 : 'always',
    });
    const end = await live(world, creation);
    if (end.end !== 'closed') throw new Error(`ended ${end.end}`);
    await expectSettled(world, end.settled);
    expect(end.settled.costMicros).toBeGreaterThan(0);
    expect(end.settled.costMicros).toBeLessThan(creation.holdMicros);
  });
}

/** What was sent must show by then, so that the very next look may prove it absent. */
const untilItMustShow = ({ providerLedger }: World, key: string): Promise<unknown> =>
  until(
    async () => {
      const row = await providerLedger.read(key);
      return row !== undefined && row.nowMs > (row.sendUntilMs ?? Infinity) + MS_TO_SHOW;
    },
    { what: `the time by which ${key} must show` },
  );
