import type { StateCase } from '../kit/case.ts';

const of = (nodesInService: number, nodesWanted: number) => ({ nodesInService, nodesWanted });
const creating = { state: 'creating' } as const;

/** The state for each status. Only RUNNING is documented. A status such as TERMINATED does not prove that a cluster is gone. */
export const STATES: readonly StateCase[] = [
  { what: 'running with all its nodes', status: 'RUNNING', state: 'ready', ...of(2, 2) },
  {
    ...{ what: 'running with too few nodes', fault: { kind: 'partial-capacity', nodes: 1 } },
    ...{ state: 'degraded', ...of(1, 2) },
  },
  { what: 'PENDING', status: 'PENDING', ...creating, ...of(0, 2) },
  { what: 'PROVISIONING', status: 'PROVISIONING', ...creating, ...of(0, 2) },
  { what: 'in an unknown status', status: 'HIBERNATING', ...creating, ...of(0, 2) },
  { what: 'with the status in lower case', status: 'running', state: 'ready', ...of(2, 2) },
  { what: 'TERMINATING', status: 'TERMINATING', state: 'deleting', ...of(0, 2), leasedCondition: 'failed' },
  { what: 'TERMINATED and still shown', status: 'TERMINATED', state: 'deleting', ...of(0, 2) },
  { what: 'that fails while leased', status: 'FAILED', state: 'failed', ...of(0, 2), leasedCondition: 'failed' },
  { what: 'failed', fault: { kind: 'fails' }, state: 'failed', ...of(0, 2) },
  {
    ...{ what: 'failed because of missing capacity', fault: { kind: 'no-capacity' } },
    ...{ state: 'failed', outOfCapacity: true, ...of(0, 2) },
  },
  { what: 'gone', fault: { kind: 'vanish', afterMs: 1 }, state: 'gone', ...of(0, 0) },
];
