import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SimulatorOptions } from '../../../simulators/index.ts';
import { creation, LONG_MS, startBench, type Bench } from './harness.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

async function behaving(behaviour: SimulatorOptions<'tensorpool'>['behaviour']): Promise<void> {
  await bench.close();
  bench = await startBench({ behaviour });
}
const destroy = (clusterId: string) => bench.call('DELETE', `/cluster/${clusterId}`);
const statusOf = async (clusterId: string) => (await bench.info(clusterId))['status'];

describe('the life of a cluster', () => {
  it('goes from PENDING through RUNNING to gone', async () => {
    const { clusterId, requestId } = await bench.create('one');
    expect(await statusOf(clusterId)).toBe('PENDING');
    await bench.control.advance(15_000);
    expect(await statusOf(clusterId)).toBe('PROVISIONING');
    expect(await bench.requestStatus(requestId)).toBe('PROCESSING');
    await bench.control.advance(LONG_MS);
    expect(await bench.info(clusterId)).toMatchObject({
      status: 'RUNNING',
      instances: [
        { status: 'RUNNING', ip_address: expect.stringMatching(/^\d/) as string },
        { status: 'RUNNING', ip_address: expect.stringMatching(/^\d/) as string },
      ],
    });

    const { status, body } = await destroy(clusterId);
    expect(status).toBe(202);
    const release = String(body['request_id']);
    expect(await statusOf(clusterId)).toBe('TERMINATING');
    expect(await bench.requestStatus(release)).toBe('PROCESSING');
    expect((await destroy(clusterId)).body['request_id']).toBe(release);
    await bench.control.advance(LONG_MS);
    expect(await destroy(clusterId)).toMatchObject({ status: 404 });
    expect((await bench.call('GET', '/cluster/list')).body['clusters']).toEqual([]);
    expect(await bench.requestStatus(release)).toBe('COMPLETED');
    expect(await bench.control.clusters()).toMatchObject([{ id: clusterId, status: 'Gone' }]);
  });

  it('is not ended by a destroy while it is protected', async () => {
    const { clusterId } = await bench.create('one', { deletion_protection: true });
    expect(await destroy(clusterId)).toMatchObject({ status: 400 });
    const edit = await bench.call('PATCH', `/cluster/edit/${clusterId}`, { deletion_protection: false });
    expect(edit.status).toBe(202);
    expect(await bench.requestStatus(String(edit.body['request_id']))).toBe('PROCESSING');
    expect(await destroy(clusterId)).toMatchObject({ status: 202 });
  });

  it('loses nodes and gets them back, when it is told to', async () => {
    const { clusterId } = await bench.create('one');
    await bench.control.advance(LONG_MS);
    const one = { region: 'global', name: 'one' };
    await bench.control.setRunningNodes({ ...one, nodes: 1 });
    expect(await bench.info(clusterId)).toMatchObject({
      status: 'RUNNING',
      instances: [{ status: 'RUNNING' }, { status: 'PENDING', ip_address: null }],
    });
    await bench.control.setRunningNodes({ ...one, nodes: 2 });
    expect(await bench.info(clusterId)).toMatchObject({ instances: [{ status: 'RUNNING' }, { status: 'RUNNING' }] });
  });

  it('retries by itself when told to', async () => {
    await behaving({ retriesOnce: true });
    const { requestId } = await bench.create('one');
    await bench.control.advance(50_000);
    expect(await bench.requestStatus(requestId)).toBe('RETRYING');
    await bench.control.advance(LONG_MS);
    expect(await bench.requestStatus(requestId)).toBe('COMPLETED');
  });

  it('may refuse to end before it is ready', async () => {
    await behaving({ destroyWhileProvisioning: 'refused' });
    const { clusterId } = await bench.create('one');
    expect(await destroy(clusterId)).toMatchObject({ status: 400 });
    await bench.control.advance(LONG_MS);
    expect(await destroy(clusterId)).toMatchObject({ status: 202 });
  });
});

describe('names', () => {
  const again = async () => (await bench.call('POST', '/cluster/create', creation('one'))).status;

  it('are free again when the release has completed', async () => {
    const { clusterId } = await bench.create('one');
    await destroy(clusterId);
    expect(await again()).toBe(400);
    await bench.control.advance(LONG_MS);
    expect(await again()).toBe(202);
  });

  it('may be free when the release was accepted', async () => {
    await behaving({ nameHeldUntil: 'release-accepted' });
    const { clusterId } = await bench.create('one');
    expect(await again()).toBe(400);
    await destroy(clusterId);
    expect(await again()).toBe(202);
  });

  it('may be worn twice', async () => {
    await behaving({ names: 'not-unique' });
    await bench.create('one');
    expect(await again()).toBe(202);
    expect(await bench.control.clusters({ live: true })).toHaveLength(2);
  });

  it('may be worn twice until one runs', async () => {
    await behaving({ names: 'unique-once-running' });
    await bench.create('one');
    expect(await again()).toBe(202);
    await bench.control.advance(LONG_MS);
    expect(await again()).toBe(400);
  });
});

describe('capacity and money', () => {
  it.each(['nothing', 'cluster'] as const)(
    'a claim that finds no machines fails and leaves %s',
    async (failureLeaves) => {
      await behaving({ failureLeaves });
      await bench.control.setCapacity({ instanceType: '8xH100', nodes: 1 });
      const { clusterId, requestId } = await bench.create('one');
      await bench.control.advance(LONG_MS);
      expect((await bench.call('GET', `/request/info/${requestId}`)).body).toMatchObject({
        status: 'FAILED',
        object_id: clusterId,
        external_message: expect.stringContaining('capacity') as string,
      });
      const { status } = await bench.call('GET', `/cluster/info/${clusterId}`);
      expect(status).toBe(failureLeaves === 'nothing' ? 404 : 200);
      expect(await bench.control.clusters({ live: true })).toHaveLength(failureLeaves === 'nothing' ? 0 : 1);
    },
  );

  it('uses the fallback pool at a higher price, and says so', async () => {
    await behaving({ fallbackFactor: 1.5 });
    await bench.control.setCapacity({ nodes: 2 });
    const first = await bench.create('first');
    const { body } = await bench.call('POST', '/cluster/create', creation('second'));
    expect(body['message']).toContain('fallback pool is used at $60.00 per hour');
    expect(await bench.info(first.clusterId)).toMatchObject({ hourly_rate: 40 });
    expect(await bench.info(String(body['cluster_id']))).toMatchObject({ hourly_rate: 60 });
  });

  it('refuses with 402 what goes over a quota, counting what lives', async () => {
    await bench.control.setQuota({ instanceType: '8xH100', nodes: 3 });
    await bench.create('one');
    expect(await bench.call('POST', '/cluster/create', creation('two'))).toMatchObject({ status: 402 });
    await bench.control.setQuota({ instanceType: '8xH100', nodes: null });
    await bench.create('two');
  });

  it('refuses with 402 when the balance has run down', async () => {
    await behaving({ balanceMicros: 100_000_000 });
    await bench.create('one');
    await bench.create('two');
    const third = await bench.call('POST', '/cluster/create', creation('three'));
    expect(third).toMatchObject({ status: 402, body: { message: 'Insufficient balance' } });
  });
});

describe('replies that say less', () => {
  it('name no request and no instances', async () => {
    await behaving({ replyHasRequestId: false, replyHasInstanceIds: false });
    const { body } = await bench.call('POST', '/cluster/create', creation('one'));
    expect(Object.keys(body).sort()).toEqual(['cluster_id', 'message', 'request_id']);
    expect(body['request_id']).toBeNull();
  });

  it('tell of clusters only what another client reads', async () => {
    await behaving({ details: 'sparse' });
    const { clusterId } = await bench.create('one');
    expect(Object.keys(await bench.info(clusterId)).sort()).toEqual([
      ...['deletion_protection', 'id', 'instance_type', 'instances', 'name', 'storage'],
    ]);
  });
});
