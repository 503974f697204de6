import type { StateCase } from '../kit/case.ts';

const of = (nodesInService: number, nodesWanted: number) => ({ nodesInService, nodesWanted });
const creating = { state: 'creating' } as const;

/** The state for each status of the service, and how many nodes make a cluster ready. */
export const STATES: readonly StateCase[] = [
  { what: 'in service with all its nodes', status: 'InService', state: 'ready', ...of(2, 2) },
  {
    what: 'in service with too few nodes',
    fault: { kind: 'partial-capacity', nodes: 1 },
    state: 'degraded',
    ...of(1, 2),
  },
  {
    ...{ what: 'in service with only the minimum of nodes', placement: 'with a smaller minimum' },
    ...{ fault: { kind: 'partial-capacity', nodes: 1 }, state: 'ready', ...of(1, 1) },
  },
  {
    what: 'in service with more nodes than the minimum',
    placement: 'with a smaller minimum',
    status: 'InService',
    state: 'ready',
    ...of(2, 1),
  },
  { what: 'Creating', status: 'Creating', ...creating, ...of(0, 2) },
  { what: 'Updating', status: 'Updating', ...creating, ...of(2, 2), leasedCondition: 'ready' },
  { what: 'SystemUpdating', status: 'SystemUpdating', ...creating, ...of(0, 2), leasedCondition: 'degraded' },
  { what: 'RollingBack', status: 'RollingBack', ...creating, ...of(0, 2) },
  { what: 'in an unknown status', status: 'Hibernating', ...creating, ...of(2, 2) },
  { what: 'Deleting', status: 'Deleting', state: 'deleting', ...of(0, 2), leasedCondition: 'failed' },
  { what: 'that fails while leased', status: 'Failed', state: 'failed', ...of(0, 2), leasedCondition: 'failed' },
  { what: 'failed', fault: { kind: 'fails' }, state: 'failed', ...of(0, 2) },
  {
    what: 'failed because of missing capacity',
    fault: { kind: 'no-capacity' },
    state: 'failed',
    outOfCapacity: true,
    ...of(0, 2),
  },
  { what: 'gone', fault: { kind: 'vanish', afterMs: 1 }, state: 'gone', ...of(0, 0) },
];
