import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SimulatorOptions } from '../../../simulators/index.ts';
import { creation, LONG_MS, startFixture, type Fixture } from './harness.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

async function restartWith(behaviour: SimulatorOptions<'tensorpool'>['behaviour']): Promise<void> {
  await fixture.close();
  fixture = await startFixture({ behaviour });
}
const destroy = (clusterId: string) => fixture.call('DELETE', `/cluster/${clusterId}`);
const statusOf = async (clusterId: string) => (await fixture.info(clusterId))['status'];

describe('a cluster', () => {
  it('goes from PENDING through RUNNING to gone', async () => {
    const { clusterId, requestId } = await fixture.create('one');
    expect(await statusOf(clusterId)).toBe('PENDING');
    await fixture.control.advance(15_000);
    expect(await statusOf(clusterId)).toBe('PROVISIONING');
    expect(await fixture.requestStatus(requestId)).toBe('PROCESSING');
    await fixture.control.advance(LONG_MS);
    expect(await fixture.info(clusterId)).toMatchObject({
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
    expect(await fixture.requestStatus(release)).toBe('PROCESSING');
    expect((await destroy(clusterId)).body['request_id']).toBe(release);
    await fixture.control.advance(LONG_MS);
    expect(await destroy(clusterId)).toMatchObject({ status: 404 });
    expect((await fixture.call('GET', '/cluster/list')).body['clusters']).toEqual([]);
    expect(await fixture.requestStatus(release)).toBe('COMPLETED');
    expect(await fixture.control.clusters()).toMatchObject([{ id: clusterId, status: 'Gone' }]);
  });

  it('is not destroyed while it is protected', async () => {
    const { clusterId } = await fixture.create('one', { deletion_protection: true });
    expect(await destroy(clusterId)).toMatchObject({ status: 400 });
    const edit = await fixture.call('PATCH', `/cluster/edit/${clusterId}`, { deletion_protection: false });
    expect(edit.status).toBe(202);
    expect(await fixture.requestStatus(String(edit.body['request_id']))).toBe('PROCESSING');
    expect(await destroy(clusterId)).toMatchObject({ status: 202 });
  });

  it('loses nodes and gets them back when the control API says so', async () => {
    const { clusterId } = await fixture.create('one');
    await fixture.control.advance(LONG_MS);
    const one = { region: 'global', name: 'one' };
    await fixture.control.setRunningNodes({ ...one, nodes: 1 });
    expect(await fixture.info(clusterId)).toMatchObject({
      status: 'RUNNING',
      instances: [{ status: 'RUNNING' }, { status: 'PENDING', ip_address: null }],
    });
    await fixture.control.setRunningNodes({ ...one, nodes: 2 });
    expect(await fixture.info(clusterId)).toMatchObject({ instances: [{ status: 'RUNNING' }, { status: 'RUNNING' }] });
  });

  it('may be retried by the service itself', async () => {
    await restartWith({ retriesOnce: true });
    const { requestId } = await fixture.create('one');
    await fixture.control.advance(50_000);
    expect(await fixture.requestStatus(requestId)).toBe('RETRYING');
    await fixture.control.advance(LONG_MS);
    expect(await fixture.requestStatus(requestId)).toBe('COMPLETED');
  });

  it('may refuse to be destroyed before it is ready', async () => {
    await restartWith({ destroyWhileProvisioning: 'refused' });
    const { clusterId } = await fixture.create('one');
    expect(await destroy(clusterId)).toMatchObject({ status: 400 });
    await fixture.control.advance(LONG_MS);
    expect(await destroy(clusterId)).toMatchObject({ status: 202 });
  });
});

describe('names', () => {
  const again = async () => (await fixture.call('POST', '/cluster/create', creation('one'))).status;

  it('are free again when the release has completed', async () => {
    const { clusterId } = await fixture.create('one');
    await destroy(clusterId);
    expect(await again()).toBe(400);
    await fixture.control.advance(LONG_MS);
    expect(await again()).toBe(202);
  });

  it('may be free again when the release is accepted', async () => {
    await restartWith({ nameHeldUntil: 'release-accepted' });
    const { clusterId } = await fixture.create('one');
    expect(await again()).toBe(400);
    await destroy(clusterId);
    expect(await again()).toBe(202);
  });

  it('may be used twice', async () => {
    await restartWith({ names: 'not-unique' });
    await fixture.create('one');
    expect(await again()).toBe(202);
    expect(await fixture.control.clusters({ live: true })).toHaveLength(2);
  });

  it('may be used twice until one cluster runs', async () => {
    await restartWith({ names: 'unique-once-running' });
    await fixture.create('one');
    expect(await again()).toBe(202);
    await fixture.control.advance(LONG_MS);
    expect(await again()).toBe(400);
  });
});

describe('capacity and balance', () => {
  it.each(['nothing', 'cluster'] as const)('a claim without capacity fails and leaves %s', async (failureLeaves) => {
    await restartWith({ failureLeaves });
    await fixture.control.setCapacity({ instanceType: '8xH100', nodes: 1 });
    const { clusterId, requestId } = await fixture.create('one');
    await fixture.control.advance(LONG_MS);
    expect((await fixture.call('GET', `/request/info/${requestId}`)).body).toMatchObject({
      status: 'FAILED',
      object_id: clusterId,
      external_message: expect.stringContaining('capacity') as string,
    });
    const { status } = await fixture.call('GET', `/cluster/info/${clusterId}`);
    expect(status).toBe(failureLeaves === 'nothing' ? 404 : 200);
    expect(await fixture.control.clusters({ live: true })).toHaveLength(failureLeaves === 'nothing' ? 0 : 1);
  });

  it('a full primary pool leads to the fallback pool and its higher price', async () => {
    await restartWith({ fallbackFactor: 1.5 });
    await fixture.control.setCapacity({ nodes: 2 });
    const first = await fixture.create('first');
    const { body } = await fixture.call('POST', '/cluster/create', creation('second'));
    expect(body['message']).toContain('fallback pool is used at $60.00 per hour');
    expect(await fixture.info(first.clusterId)).toMatchObject({ hourly_rate: 40 });
    expect(await fixture.info(String(body['cluster_id']))).toMatchObject({ hourly_rate: 60 });
  });

  it('a create beyond a quota gets 402', async () => {
    await fixture.control.setQuota({ instanceType: '8xH100', nodes: 3 });
    await fixture.create('one');
    expect(await fixture.call('POST', '/cluster/create', creation('two'))).toMatchObject({ status: 402 });
    await fixture.control.setQuota({ instanceType: '8xH100', nodes: null });
    await fixture.create('two');
  });

  it('a create beyond the balance gets 402', async () => {
    await restartWith({ balanceMicros: 100_000_000 });
    await fixture.create('one');
    await fixture.create('two');
    const third = await fixture.call('POST', '/cluster/create', creation('three'));
    expect(third).toMatchObject({ status: 402, body: { message: 'Insufficient balance' } });
  });
});

describe('replies with less', () => {
  it('may lack the ids of the request and of instances', async () => {
    await restartWith({ replyHasRequestId: false, replyHasInstanceIds: false });
    const { body } = await fixture.call('POST', '/cluster/create', creation('one'));
    expect(Object.keys(body).sort()).toEqual(['cluster_id', 'message', 'request_id']);
    expect(body['request_id']).toBeNull();
  });

  it('may lack the members that no known client reads', async () => {
    await restartWith({ details: 'sparse' });
    const { clusterId } = await fixture.create('one');
    expect(Object.keys(await fixture.info(clusterId)).sort()).toEqual([
      ...['deletion_protection', 'id', 'instance_type', 'instances', 'name', 'storage'],
    ]);
  });
});
