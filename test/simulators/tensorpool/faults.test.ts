import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultRuleInput } from '../../../simulators/core/control.ts';
import { creation, LONG_MS, startBench, type Bench } from './harness.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

type Fault = FaultRuleInput['fault'];
const addFaults = (fault: Fault) => bench.control.addFaults({ operation: 'cluster.create', fault });
const send = () => bench.call('POST', '/cluster/create', creation('one'));
const born = async () => (await bench.control.clusters()).length;

describe('faults on the way', () => {
  it.each<{ fault: Fault; status: number; born: number }>([
    { fault: { kind: 'error', type: 'Oops', status: 500 }, status: 500, born: 0 },
    { fault: { kind: 'error', type: 'Oops', status: 500, when: 'after' }, status: 500, born: 1 },
    {
      fault: { kind: 'error', type: 'NameConflict', status: 400, message: 'taken', when: 'after' },
      status: 400,
      born: 1,
    },
    // 429 whatever the script says: the service has no other way.
    { fault: { kind: 'throttle' }, status: 429, born: 0 },
    { fault: { kind: 'throttle', status: 503 }, status: 429, born: 0 },
    { fault: { kind: 'empty' }, status: 200, born: 1 },
    { fault: { kind: 'delay', when: 'before', ms: 5 }, status: 202, born: 1 },
  ])('$fault is answered $status and makes $born', async ({ fault, status, born: expected }) => {
    await addFaults(fault);
    expect(await send()).toMatchObject({ status });
    expect(await born()).toBe(expected);
    expect(await bench.control.faults()).toEqual([]);
  });

  it.each<{ fault: Fault; born: number }>([
    { fault: { kind: 'reset' }, born: 0 },
    { fault: { kind: 'reset', when: 'after' }, born: 1 },
    { fault: { kind: 'hang', when: 'after', forMs: 1 }, born: 1 },
    { fault: { kind: 'truncate' }, born: 1 },
    { fault: { kind: 'html' }, born: 0 },
    { fault: { kind: 'html', when: 'after', status: 502 }, born: 1 },
  ])('$fault cannot be read and makes $born', async ({ fault, born: expected }) => {
    await addFaults(fault);
    await expect(send()).rejects.toThrow();
    expect(await born()).toBe(expected);
  });

  it('throttles with a hint where it is told to', async () => {
    await addFaults({ kind: 'throttle', retryAfterSeconds: 7 });
    expect((await send()).headers.get('retry-after')).toBe('7');
  });

  it('words 422 as the framework does', async () => {
    await addFaults({ kind: 'error', type: 'value_error', status: 422, message: 'bad' });
    expect((await send()).body).toEqual({ detail: [{ loc: ['body'], msg: 'bad', type: 'value_error' }] });
  });

  it('lets a cluster be born long after its connection was reset', async () => {
    await addFaults({ kind: 'late-cluster', afterMs: 30_000 });
    await expect(send()).rejects.toThrow();
    await bench.control.advance(20_000);
    expect((await bench.call('GET', '/cluster/list')).body['clusters']).toEqual([]);
    await bench.control.advance(10_000);
    expect((await bench.call('GET', '/cluster/list')).body['clusters']).toMatchObject([{ name: 'one' }]);
    const [call] = await bench.control.journal('cluster.create');
    expect((await bench.control.clusters())[0]?.createdByCall).toBe(call?.requestId);
  });

  it('delivers a call twice: the second meets the name', async () => {
    await addFaults({ kind: 'duplicate' });
    expect(await send()).toMatchObject({ status: 202 });
    expect(await bench.control.journal('cluster.create')).toMatchObject([{ effects: ['ok', 'NameConflict'] }]);
  });

  it('delivers a call twice: two clusters where names are not unique', async () => {
    await bench.close();
    bench = await startBench({ behaviour: { names: 'not-unique' } });
    await addFaults({ kind: 'duplicate' });
    await send();
    expect(await born()).toBe(2);
  });

  it('meets calls by the name of their cluster, told by its id', async () => {
    const one = await bench.create('one');
    const two = await bench.create('two');
    await bench.control.addFaults({
      operation: 'cluster.info',
      match: { clusterName: /^one$/ },
      fault: { kind: 'throttle' },
    });
    expect(await bench.call('GET', `/cluster/info/${two.clusterId}`)).toMatchObject({ status: 200 });
    expect(await bench.call('GET', `/cluster/info/${one.clusterId}`)).toMatchObject({ status: 429 });
  });
});

describe('visibility', () => {
  it('of a birth lags in reads by id and in lists, each by its own', async () => {
    await bench.close();
    bench = await startBench({ durations: { getLagMs: 20_000, listLagMs: 40_000 } });
    const { clusterId } = await bench.create('one');
    const seen = async () => [
      (await bench.call('GET', `/cluster/info/${clusterId}`)).status,
      ((await bench.call('GET', '/cluster/list')).body['clusters'] as unknown[]).length,
      (await send()).status,
    ];
    // The name is taken all the same.
    expect(await seen()).toEqual([404, 0, 400]);
    await bench.control.advance(20_000);
    expect(await seen()).toEqual([200, 0, 400]);
    await bench.control.advance(20_000);
    expect(await seen()).toEqual([200, 1, 400]);
  });
});

describe('outcomes of a creation', () => {
  const settled = async (fault: Fault) => {
    await addFaults(fault);
    const { clusterId } = await bench.create('one');
    await bench.control.advance(LONG_MS);
    return bench.call('GET', `/cluster/info/${clusterId}`);
  };
  const info = (own: Record<string, unknown>) => ({ body: { cluster_info: own } });

  it('fails for want of capacity', async () => {
    const message = expect.stringContaining('capacity') as string;
    expect(await settled({ kind: 'no-capacity' })).toMatchObject(info({ status: 'FAILED', external_message: message }));
  });
  it('fails', async () => {
    expect(await settled({ kind: 'fails', message: 'no disk' })).toMatchObject(info({ external_message: 'no disk' }));
  });
  it('gets a part of the nodes', async () => {
    const instances = [{ status: 'RUNNING' }, { status: 'PENDING', ip_address: null }];
    expect(await settled({ kind: 'partial-capacity', nodes: 1 })).toMatchObject(info({ status: 'RUNNING', instances }));
  });
  it('is slow', async () => {
    expect(await settled({ kind: 'slow', extraMs: LONG_MS })).toMatchObject(info({ status: 'PROVISIONING' }));
  });
  it('is never ready', async () => {
    expect(await settled({ kind: 'never-ready' })).toMatchObject(info({ status: 'PROVISIONING' }));
  });
  it('vanishes', async () => {
    expect(await settled({ kind: 'vanish', afterMs: 1_000 })).toMatchObject({ status: 404 });
  });
  it('cannot be destroyed to the end', async () => {
    await settled({ kind: 'delete-stuck' });
    const [cluster] = await bench.control.clusters();
    const { body } = await bench.call('DELETE', `/cluster/${cluster?.id ?? ''}`);
    await bench.control.advance(100 * LONG_MS);
    expect(await bench.requestStatus(String(body['request_id']))).toBe('RETRYING');
    expect(await bench.control.clusters({ live: true })).toMatchObject([{ status: 'TERMINATING' }]);
  });
});
