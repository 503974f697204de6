import type { Sight } from '../kit/case.ts';

const of = (nodesInService: number, nodesWanted: number) => ({ nodesInService, nodesWanted });

/** What each status of the instances means. */
export const SIGHTS: readonly Sight[] = [
  { what: 'with all its instances Running', status: 'Running', state: 'ready', ...of(2, 2) },
  {
    ...{ what: 'with more instances Running than enough', placement: 'content with fewer nodes' },
    ...{ status: 'Running', state: 'ready', ...of(2, 1) },
  },
  { what: 'Pending', status: 'Pending', state: 'creating', ...of(0, 2) },
  { what: 'Starting', status: 'Starting', state: 'creating', ...of(0, 2) },
  { what: 'in a status that nobody knows', status: 'Hibernating', state: 'creating', ...of(0, 2) },
  { what: 'Stopping', status: 'Stopping', state: 'degraded', ...of(0, 2), leased: 'degraded' },
  { what: 'Stopped', status: 'Stopped', state: 'degraded', ...of(0, 2), leased: 'degraded' },
];

/** What becomes of instances that have no container. */
export const SIGHTS_WITHOUT: readonly Sight[] = [
  ...SIGHTS,
  {
    ...{ what: 'with fewer instances, which are enough', placement: 'content with fewer nodes', status: 'Running' },
    ...{ fault: { kind: 'partial-capacity', nodes: 1 }, state: 'ready', ...of(1, 1) },
  },
  { what: 'gone', fault: { kind: 'vanish', afterMs: 1 }, state: 'gone', ...of(0, 2) },
  // A day later the service has released it by itself, as it was told to.
  { what: 'that was forgotten', state: 'gone', ...of(0, 2) },
];
