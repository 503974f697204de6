import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { creation, LONG_MS, startFixture, type Fixture } from './harness.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

describe('the API key', () => {
  it.each([
    ['none', {}],
    ['another', { authorization: 'Bearer nonsense' }],
    ['another scheme', { authorization: 'Basic tp-simulated-api-key' }],
  ])('is required: %s gets 401, and nothing happens', async (_what, headers: Record<string, string>) => {
    expect(await fixture.call('POST', '/cluster/create', creation('one'), headers)).toMatchObject({ status: 401 });
    expect(await fixture.control.clusters()).toEqual([]);
    expect(await fixture.control.journal('cluster.create')).toMatchObject([{ authOk: false, effects: [] }]);
  });

  it('is not required at /healthz', async () => {
    expect(await fixture.call('GET', '/healthz', undefined, {})).toMatchObject({ status: 200 });
    expect(await fixture.call('POST', '/health', { package_version: '0.0.9' }, {})).toMatchObject({ status: 401 });
  });
});

describe('a create', () => {
  it('is accepted with 202, ids and a message', async () => {
    const { status, body } = await fixture.call('POST', '/cluster/create', creation('one'));
    expect(status).toBe(202);
    expect(body).toEqual({
      cluster_id: expect.stringMatching(/^c-[a-z0-9]{12}$/) as string,
      instance_ids: [expect.stringMatching(/^i-/), expect.stringMatching(/^i-/)],
      request_id: expect.stringMatching(/^r-/) as string,
      message: expect.stringContaining('creation initiated') as string,
    });
    const [cluster] = await fixture.control.clusters();
    const [call] = await fixture.control.journal('cluster.create');
    expect(cluster).toMatchObject({ name: 'one', region: 'global', nodes: 2, createdByCall: call?.requestId });
  });

  it.each([
    [{ num_nodes: 0 }, ['body', 'num_nodes'], 'greater_than_equal'],
    [{ num_nodes: '2' }, ['body', 'num_nodes'], 'int_type'],
    [{ public_keys: 'ssh-rsa A' }, ['body', 'public_keys'], 'list_type'],
    [{ public_keys: [1] }, ['body', 'public_keys', 0], 'string_type'],
    [{ instance_type: undefined }, ['body', 'instance_type'], 'missing'],
    [{ save_keys: 'no' }, ['body', 'save_keys'], 'bool_type'],
  ])('with %j gets 422 as FastAPI words it', async (own, loc, type) => {
    const { status, body } = await fixture.call('POST', '/cluster/create', creation('one', own));
    expect({ status, detail: body['detail'] }).toMatchObject({ status: 422, detail: [{ loc, type }] });
    expect(await fixture.control.clusters()).toEqual([]);
  });

  it('may have nulls for members that may be left out', async () => {
    const body = {
      instance_type: '1xH100',
      num_nodes: null,
      tp_cluster_name: null,
      public_keys: null,
      container: null,
    };
    expect(await fixture.call('POST', '/cluster/create', body)).toMatchObject({ status: 202 });
    expect(await fixture.control.clusters()).toMatchObject([{ nodes: 1 }]);
  });

  it('with an unknown type, or a name that is taken, gets the same 400', async () => {
    const unknown = await fixture.call('POST', '/cluster/create', creation('one', { instance_type: '9xH100' }));
    expect(unknown).toMatchObject({ status: 400, body: { message: 'Invalid instance type: 9xH100' } });
    await fixture.create('one');
    const taken = await fixture.call('POST', '/cluster/create', creation('one'));
    expect(taken).toMatchObject({ status: 400, body: { message: "A cluster with the name 'one' already exists" } });
  });

  it('that is not JSON gets 422', async () => {
    expect(await fixture.call('POST', '/cluster/create', '{')).toMatchObject({
      status: 422,
      body: { detail: [{ type: 'json_invalid' }] },
    });
  });
});

describe('reads', () => {
  it('list clusters as text and as data, with their instances on request', async () => {
    expect((await fixture.call('GET', '/cluster/list')).body).toEqual({ message: 'No clusters found', clusters: [] });
    const { clusterId } = await fixture.create('one');
    const plain = await fixture.call('GET', '/cluster/list?include_org=True');
    expect(plain.body['message']).toContain(clusterId);
    expect(plain.body['clusters']).toMatchObject([{ id: clusterId, name: 'one', status: 'PENDING' }]);
    expect(JSON.stringify(plain.body)).not.toContain('"instances"');
    const { body } = await fixture.call('GET', '/cluster/list?instances=True');
    expect(body['clusters']).toMatchObject([{ instances: [{ status: 'PENDING' }, { status: 'PENDING' }] }]);
  });

  it('of a request say when to look again, until it has ended', async () => {
    const { requestId } = await fixture.create('one');
    const pending = await fixture.call('GET', `/request/info/${requestId}`);
    expect(pending.body).toMatchObject({ request_type: 'CLUSTER_CLAIM', status: 'PENDING' });
    expect(pending.headers.get('retry-after')).toBe('2');
    await fixture.control.advance(LONG_MS);
    const done = await fixture.call('GET', `/request/info/${requestId}`);
    expect(done.body).toMatchObject({ status: 'COMPLETED' });
    expect(done.headers.get('retry-after')).toBeNull();
  });

  it('filter operations by type and status', async () => {
    const { clusterId } = await fixture.create('one');
    await fixture.call('PATCH', `/cluster/edit/${clusterId}`, { cluster_name: 'two' });
    const operations = async (query: string) =>
      (await fixture.call('GET', `/cluster/operations/${clusterId}${query}`)).body['operations'];
    expect(await operations('')).toHaveLength(2);
    expect(await operations('?type=CLUSTER_EDIT')).toMatchObject([{ request_type: 'CLUSTER_EDIT' }]);
    expect(await operations('?status=COMPLETED')).toEqual([]);
  });

  it('give the command for a shell once an instance runs', async () => {
    const { clusterId } = await fixture.create('one');
    const [instance] = (await fixture.info(clusterId))['instances'] as { id: string }[];
    const ssh = () => fixture.call('GET', `/ssh/${instance?.id ?? ''}?system=Linux`);
    expect(await ssh()).toMatchObject({ status: 400 });
    await fixture.control.advance(LONG_MS);
    expect((await ssh()).body['command']).toMatch(/^ssh ubuntu@[\d.]+$/);
  });

  it.each([
    ['GET', '/cluster/info/c-none', 404],
    ['DELETE', '/cluster/c-none', 404],
    ['GET', '/cluster/operations/c-none', 404],
    ['GET', '/request/info/r-none', 404],
    ['GET', '/ssh/i-none', 404],
    ['GET', '/no/such/call', 404],
    ['PUT', '/cluster/list', 405],
  ])('%s %s gets %i', async (method, path, status) => {
    expect(await fixture.call(method, path)).toMatchObject({ status });
  });

  it('quote the price of all nodes', async () => {
    const { body } = await fixture.call('GET', '/cluster/quote?instance_type=8xH100&num_nodes=2');
    expect(body).toEqual({ hourly_rate: 40 });
  });
});

describe('save_keys', () => {
  const savedKeys = async () => (await fixture.call('GET', '/user/ssh-key/list')).body['keys'];

  it('stores the keys in the profile unless it is false', async () => {
    await fixture.create('one');
    expect(await savedKeys()).toEqual([]);
    await fixture.create('two', { save_keys: undefined });
    expect(await savedKeys()).toMatchObject([{ public_key: 'ssh-ed25519 AAAA test' }]);
  });
});
