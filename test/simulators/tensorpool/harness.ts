import { startSimulator, type SimulatorControl, type SimulatorOptions } from '../../../simulators/index.ts';

/** Longer than any claim or release at the default durations. */
export const LONG_MS = 10 * 60_000;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface Fixture {
  readonly url: string;
  readonly control: SimulatorControl;
  /** Sends a call with the API key, or with these headers. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Creates a cluster. @returns its id, and the id of its request */
  create(name: string, own?: Record<string, unknown>): Promise<{ clusterId: string; requestId: string }>;
  /** The cluster as info shows it. */
  info(clusterId: string): Promise<Record<string, unknown>>;
  /** The status of a request. */
  requestStatus(requestId: string): Promise<unknown>;
  close(): Promise<void>;
}

/** A new simulator and a plain HTTP client for it. */
export async function startFixture(
  options: SimulatorOptions<'tensorpool'> = {},
  { folder, seed = 'test' }: { folder?: string; seed?: string } = {},
): Promise<Fixture> {
  const simulator = await startSimulator('tensorpool', { ...options, seed, folder });
  const { url, apiKey, control } = simulator;
  const call: Fixture['call'] = async (method, path, body, headers = { authorization: `Bearer ${apiKey}` }) => {
    const response = await fetch(url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const parsed = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body: parsed };
  };
  return {
    url,
    control,
    call,
    create: async (name, own = {}) => {
      const { status, body } = await call('POST', '/cluster/create', creation(name, own));
      if (status !== 202) throw new Error(`The cluster was not created: ${status} ${JSON.stringify(body)}`);
      return { clusterId: String(body['cluster_id']), requestId: String(body['request_id']) };
    },
    info: async (clusterId) =>
      (await call('GET', `/cluster/info/${clusterId}`)).body['cluster_info'] as Record<string, unknown>,
    requestStatus: async (requestId) => (await call('GET', `/request/info/${requestId}`)).body['status'],
    close: () => simulator.close(),
  };
}

/** The body of a create: two GPU nodes, unless `own` says otherwise. */
export const creation = (name: string, own: Record<string, unknown> = {}): Record<string, unknown> => ({
  instance_type: '8xH100',
  num_nodes: 2,
  tp_cluster_name: name,
  public_keys: ['ssh-ed25519 AAAA test'],
  save_keys: false,
  ...own,
});
