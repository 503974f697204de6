import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createMonitorLedger, type MonitorLedger } from '../../activities/ledger/monitor-ledger.ts';
import { fresh, openKit, type Kit } from './kit.ts';

let kit: Kit;
let monitorLedger: MonitorLedger;
beforeAll(async () => {
  kit = await openKit(inject('postgresUrl'));
  monitorLedger = createMonitorLedger(kit.provider, 'sagemaker');
});
afterEach(async () => {
  expect(await kit.ledger.audit()).toEqual([]);
});
afterAll(() => kit.drop());

const inRegion = (region: string) => ({ placement: { region } });

describe('what a monitor reads', () => {
  it("has every creation of its region that is open, leased or closing, and the ledger's time", async () => {
    const region = fresh('region');
    const open = await kit.opened(inRegion(region));
    const leased = await kit.leased('c-1', inRegion(region));
    const closing = await kit.opened(inRegion(region));
    await kit.close(closing);
    await kit.absent(inRegion(region));
    await kit.released('c-2', inRegion(region));
    await kit.opened(inRegion(fresh('elsewhere')));
    const { nowMs, rows } = await monitorLedger.rows(region);
    expect(nowMs).toBe(await kit.clock.now());
    expect(new Map(rows.map(({ key, state }) => [key, state]))).toEqual(
      new Map([
        [open.key, 'open'],
        [leased.key, 'leased'],
        [closing.key, 'closing'],
      ]),
    );
  });

  it('has the owner of a creation, its cluster, its condition and its times', async () => {
    const region = fresh('region');
    const creation = await kit.leased('c-1', inRegion(region));
    await kit.clock.advance(1000);
    await kit.release(creation);
    const { rows } = await monitorLedger.rows(region);
    const { key, requestId, openedAtMs, epoch } = creation;
    expect(rows).toEqual([
      {
        ...{ key, requestId, number: 1, state: 'closing', clusterId: 'c-1', owner: kit.leaseOf(creation), epoch },
        ...{
          condition: 'ready',
          leasedAtMs: creation.leasedAtMs,
          claims: 1,
          sendUntilMs: openedAtMs + 60_000,
          openedAtMs,
        },
        ...{ closingAtMs: await kit.clock.now(), endedAtMs: null },
      },
    ]);
  });

  it('has the count of these creations, and of those that are open', async () => {
    const region = fresh('region');
    await kit.opened(inRegion(region));
    await kit.leased('c-2', inRegion(region));
    expect(await monitorLedger.counts(region)).toEqual({ active: 2, open: 1 });
  });

  it('is empty in a region without creations', async () => {
    expect(await monitorLedger.counts(fresh('region'))).toEqual({ active: 0, open: 0 });
    expect((await monitorLedger.rows(fresh('region'))).rows).toEqual([]);
  });

  it('has creations by key in any state, and leaves out unknown keys', async () => {
    const [open, ended] = [await kit.opened(), await kit.absent()];
    const unknown = open.key.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    const known = await monitorLedger.known([ended.key, unknown, open.key]);
    expect(new Map(known.map(({ key, state }) => [key, state]))).toEqual(
      new Map([
        [open.key, 'open'],
        [ended.key, 'absent'],
      ]),
    );
    expect(known.find(({ key }) => key === ended.key)?.endedAtMs).toBe(await kit.clock.now());
    expect(await monitorLedger.known([])).toEqual([]);
  });

  it('is a whole creation for its key, and null for an unknown key', async () => {
    const creation = await kit.leased();
    expect(await monitorLedger.creation(creation.key)).toEqual(creation);
    expect(await monitorLedger.creation('mu-aaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaa')).toBeNull();
  });

  it('has every region that ever had a creation, each once', async () => {
    const region = fresh('region');
    await kit.absent(inRegion(region));
    await kit.absent(inRegion(region));
    const regions = await monitorLedger.regions();
    expect(regions.filter((each) => each === region)).toHaveLength(1);
  });

  it('has the installation id with which keys begin', async () => {
    const { key } = await kit.opened();
    expect(key.startsWith(`mu-${await monitorLedger.installationId()}-`)).toBe(true);
  });
});
