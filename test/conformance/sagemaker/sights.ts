import type { Sight } from '../kit/case.ts';

const of = (nodesInService: number, nodesWanted: number) => ({ nodesInService, nodesWanted });
const wait = { state: 'creating' } as const;

/** What each status of the service means, and how many nodes make a cluster usable. */
export const SIGHTS: readonly Sight[] = [
  { what: 'in service with all its nodes', status: 'InService', state: 'ready', ...of(2, 2) },
  {
    what: 'in service with too few nodes',
    fault: { kind: 'partial-capacity', nodes: 1 },
    state: 'degraded',
    ...of(1, 2),
  },
  {
    ...{ what: 'in service with fewer nodes, which are enough', placement: 'content with fewer nodes' },
    ...{ fault: { kind: 'partial-capacity', nodes: 1 }, state: 'ready', ...of(1, 1) },
  },
  {
    what: 'in service with more nodes than enough',
    placement: 'content with fewer nodes',
    status: 'InService',
    state: 'ready',
    ...of(2, 1),
  },
  { what: 'Creating', status: 'Creating', ...wait, ...of(0, 2) },
  { what: 'Updating', status: 'Updating', ...wait, ...of(2, 2), leased: 'ready' },
  { what: 'SystemUpdating', status: 'SystemUpdating', ...wait, ...of(0, 2), leased: 'degraded' },
  { what: 'RollingBack', status: 'RollingBack', ...wait, ...of(0, 2) },
  { what: 'in a status that nobody knows', status: 'Hibernating', ...wait, ...of(2, 2) },
  { what: 'Deleting', status: 'Deleting', state: 'deleting', ...of(0, 2), leased: 'failed' },
  { what: 'that failed in use', status: 'Failed', state: 'failed', ...of(0, 2), leased: 'failed' },
  { what: 'failed', fault: { kind: 'fails' }, state: 'failed', ...of(0, 2) },
  {
    what: 'failed for want of capacity',
    fault: { kind: 'no-capacity' },
    state: 'failed',
    outOfCapacity: true,
    ...of(0, 2),
  },
  { what: 'gone', fault: { kind: 'vanish', afterMs: 1 }, state: 'gone', ...of(0, 0) },
];
