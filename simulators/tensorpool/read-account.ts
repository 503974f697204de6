import { Refusal } from '../core/refusal.ts';
import type { Operation } from './context.ts';
import { invalid } from './errors.ts';
import { requestShape } from './reply-shapes.ts';
import { nodeHourlyMicros } from './instance-types.ts';
import { spentMicros } from './balance.ts';

/** How long to wait before the next look at a request, seconds: the value in the vendor's example. */
const RETRY_AFTER_SECONDS = 2;
const MICROS_PER_USD = 1_000_000;

/** The state of an accepted request. Until it has ended, the reply says when to look again. */
export const requestInfo: Operation = ({ account }, { nowMs }, { id }) => {
  const request = account.state.requests.find((candidate) => candidate.id === id);
  if (request === undefined) throw new Refusal('NotFound', `Request ${id} not found`, 404);
  const body = requestShape(request, account.withId(request.clusterId), nowMs);
  const ended = body.status === 'COMPLETED' || body.status === 'FAILED';
  return { status: 200, body, ...(ended ? {} : { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } }) };
};

/** The user and the account's balance, for people. */
export const userInfo: Operation = ({ account, behaviour, apiKey }, { nowMs }) => {
  const { balanceMicros } = behaviour;
  const left = balanceMicros === undefined ? undefined : balanceMicros - spentMicros(account.state.clusters, nowMs);
  const balance = left === undefined ? 'unlimited' : `$${(left / MICROS_PER_USD).toFixed(2)}`;
  return { status: 200, body: { message: `Simulated user, key ...${apiKey.slice(-4)}\nBalance: ${balance}` } };
};

/** The keys in the user's profile. */
export const sshKeys: Operation = ({ account }) => {
  const keys = account.state.savedKeys.map((key, index) => ({ id: `k-${index + 1}`, name: null, public_key: key }));
  return { status: 200, body: { keys, message: `${keys.length} SSH keys` } };
};

/** The price of an hour in the primary pool. Only a third party's client shows that this call exists. */
export const clusterQuote: Operation = (_setting, _moment, { query }) => {
  const instanceType = query['instance_type'] ?? '';
  const micros = nodeHourlyMicros(instanceType);
  if (micros === undefined) throw invalid(`Invalid instance type: ${instanceType}`);
  return { status: 200, body: { hourly_rate: (micros * Number(query['num_nodes'] ?? 1)) / MICROS_PER_USD } };
};

/** The vendor's client makes this call before each command. */
export const health: Operation = () => ({ status: 200, body: { message: '' } });

/** The only call that needs no key. */
export const healthz: Operation = () => ({ status: 200, body: { status: 'ok' } });
