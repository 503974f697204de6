import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultRuleInput } from '../../../simulators/index.ts';
import { creation, LONG_MS, startFixture, type Fixture } from './harness.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

type Fault = FaultRuleInput['fault'];
const addFaults = (fault: Fault) => fixture.control.addFaults({ operation: 'cluster.create', fault });
const send = () => fixture.call('POST', '/cluster/create', creation('one'));
const created = async () => (await fixture.control.clusters()).length;

describe('a fault on the way', () => {
  it.each<{ fault: Fault; status: number; created: number }>([
    { fault: { kind: 'error', type: 'Oops', status: 500 }, status: 500, created: 0 },
    { fault: { kind: 'error', type: 'Oops', status: 500, when: 'after' }, status: 500, created: 1 },
    {
      fault: { kind: 'error', type: 'NameConflict', status: 400, message: 'taken', when: 'after' },
      status: 400,
      created: 1,
    },
    // Always 429: the service documents no other status.
    { fault: { kind: 'throttle' }, status: 429, created: 0 },
    { fault: { kind: 'throttle', status: 503 }, status: 429, created: 0 },
    { fault: { kind: 'empty' }, status: 200, created: 1 },
    { fault: { kind: 'delay', when: 'before', ms: 5 }, status: 202, created: 1 },
  ])(
    '$fault is answered with $status, and there are $created clusters',
    async ({ fault, status, created: expected }) => {
      await addFaults(fault);
      expect(await send()).toMatchObject({ status });
      expect(await created()).toBe(expected);
      expect(await fixture.control.faults()).toEqual([]);
    },
  );

  it.each<{ fault: Fault; created: number }>([
    { fault: { kind: 'reset' }, created: 0 },
    { fault: { kind: 'reset', when: 'after' }, created: 1 },
    { fault: { kind: 'hang', when: 'after', forMs: 1 }, created: 1 },
    { fault: { kind: 'truncate' }, created: 1 },
    { fault: { kind: 'html' }, created: 0 },
    { fault: { kind: 'html', when: 'after', status: 502 }, created: 1 },
  ])('$fault has no readable answer, and there are $created clusters', async ({ fault, created: expected }) => {
    await addFaults(fault);
    await expect(send()).rejects.toThrow();
    expect(await created()).toBe(expected);
  });

  it('throttles with a hint', async () => {
    await addFaults({ kind: 'throttle', retryAfterSeconds: 7 });
    expect((await send()).headers.get('retry-after')).toBe('7');
  });

  it('words a 422 as the framework does', async () => {
    await addFaults({ kind: 'error', type: 'value_error', status: 422, message: 'bad' });
    expect((await send()).body).toEqual({ detail: [{ loc: ['body'], msg: 'bad', type: 'value_error' }] });
  });

  it('creates a cluster long after the connection was reset', async () => {
    await addFaults({ kind: 'late-cluster', afterMs: 30_000 });
    await expect(send()).rejects.toThrow();
    await fixture.control.advance(20_000);
    expect((await fixture.call('GET', '/cluster/list')).body['clusters']).toEqual([]);
    await fixture.control.advance(10_000);
    expect((await fixture.call('GET', '/cluster/list')).body['clusters']).toMatchObject([{ name: 'one' }]);
    const [call] = await fixture.control.journal('cluster.create');
    expect((await fixture.control.clusters())[0]?.createdByCall).toBe(call?.requestId);
  });

  it('carries a call out twice: the second finds the name taken', async () => {
    await addFaults({ kind: 'duplicate' });
    expect(await send()).toMatchObject({ status: 202 });
    expect(await fixture.control.journal('cluster.create')).toMatchObject([{ effects: ['ok', 'NameConflict'] }]);
  });

  it('carries a call out twice: two clusters where names are not unique', async () => {
    await fixture.close();
    fixture = await startFixture({ behaviour: { names: 'not-unique' } });
    await addFaults({ kind: 'duplicate' });
    await send();
    expect(await created()).toBe(2);
  });

  it('can meet the calls of one cluster only, also those that name it by its id', async () => {
    const one = await fixture.create('one');
    const two = await fixture.create('two');
    await fixture.control.addFaults({
      operation: 'cluster.info',
      match: { clusterName: /^one$/ },
      fault: { kind: 'throttle' },
    });
    expect(await fixture.call('GET', `/cluster/info/${two.clusterId}`)).toMatchObject({ status: 200 });
    expect(await fixture.call('GET', `/cluster/info/${one.clusterId}`)).toMatchObject({ status: 429 });
  });
});

describe('visibility', () => {
  it('of a new cluster lags in reads by id and, longer, in lists', async () => {
    await fixture.close();
    fixture = await startFixture({ durations: { getLagMs: 20_000, listLagMs: 40_000 } });
    const { clusterId } = await fixture.create('one');
    const seen = async () => [
      (await fixture.call('GET', `/cluster/info/${clusterId}`)).status,
      ((await fixture.call('GET', '/cluster/list')).body['clusters'] as unknown[]).length,
      (await send()).status,
    ];
    // The name is taken from the start.
    expect(await seen()).toEqual([404, 0, 400]);
    await fixture.control.advance(20_000);
    expect(await seen()).toEqual([200, 0, 400]);
    await fixture.control.advance(20_000);
    expect(await seen()).toEqual([200, 1, 400]);
  });
});

describe('a fault of a cluster', () => {
  const afterAWhile = async (fault: Fault) => {
    await addFaults(fault);
    const { clusterId } = await fixture.create('one');
    await fixture.control.advance(LONG_MS);
    return fixture.call('GET', `/cluster/info/${clusterId}`);
  };
  const info = (own: Record<string, unknown>) => ({ body: { cluster_info: own } });

  it('makes its creation fail without capacity', async () => {
    const message = expect.stringContaining('capacity') as string;
    expect(await afterAWhile({ kind: 'no-capacity' })).toMatchObject(
      info({ status: 'FAILED', external_message: message }),
    );
  });
  it('makes its creation fail with a message', async () => {
    expect(await afterAWhile({ kind: 'fails', message: 'no disk' })).toMatchObject(
      info({ external_message: 'no disk' }),
    );
  });
  it('gives it a part of the nodes', async () => {
    const instances = [{ status: 'RUNNING' }, { status: 'PENDING', ip_address: null }];
    expect(await afterAWhile({ kind: 'partial-capacity', nodes: 1 })).toMatchObject(
      info({ status: 'RUNNING', instances }),
    );
  });
  it('slows its creation down', async () => {
    expect(await afterAWhile({ kind: 'slow', extraMs: LONG_MS })).toMatchObject(info({ status: 'PROVISIONING' }));
  });
  it('keeps it from ever being ready', async () => {
    expect(await afterAWhile({ kind: 'never-ready' })).toMatchObject(info({ status: 'PROVISIONING' }));
  });
  it('makes it vanish', async () => {
    expect(await afterAWhile({ kind: 'vanish', afterMs: 1_000 })).toMatchObject({ status: 404 });
  });
  it('keeps its deletion from ending', async () => {
    await afterAWhile({ kind: 'delete-stuck' });
    const [cluster] = await fixture.control.clusters();
    const { body } = await fixture.call('DELETE', `/cluster/${cluster?.id ?? ''}`);
    await fixture.control.advance(100 * LONG_MS);
    expect(await fixture.requestStatus(String(body['request_id']))).toBe('RETRYING');
    expect(await fixture.control.clusters({ live: true })).toMatchObject([{ status: 'TERMINATING' }]);
  });
});
