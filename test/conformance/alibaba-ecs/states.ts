import type { StateCase } from '../kit/case.ts';

const of = (nodesInService: number, nodesWanted: number) => ({ nodesInService, nodesWanted });

/** The state for each status of the instances. */
export const STATES: readonly StateCase[] = [
  { what: 'with all its instances Running', status: 'Running', state: 'ready', ...of(2, 2) },
  {
    ...{ what: 'with more Running instances than the minimum', placement: 'with a smaller minimum' },
    ...{ status: 'Running', state: 'ready', ...of(2, 1) },
  },
  { what: 'Pending', status: 'Pending', state: 'creating', ...of(0, 2) },
  { what: 'Starting', status: 'Starting', state: 'creating', ...of(0, 2) },
  { what: 'in an unknown status', status: 'Hibernating', state: 'creating', ...of(0, 2) },
  { what: 'Stopping', status: 'Stopping', state: 'degraded', ...of(0, 2), leasedCondition: 'degraded' },
  { what: 'Stopped', status: 'Stopped', state: 'degraded', ...of(0, 2), leasedCondition: 'degraded' },
];

/** The same for instance sets. */
export const STATES_WITHOUT_CONTAINER: readonly StateCase[] = [
  ...STATES,
  {
    ...{ what: 'with only the minimum of instances', placement: 'with a smaller minimum', status: 'Running' },
    ...{ fault: { kind: 'partial-capacity', nodes: 1 }, state: 'ready', ...of(1, 1) },
  },
  { what: 'gone', fault: { kind: 'vanish', afterMs: 1 }, state: 'gone', ...of(0, 2) },
  // A day later the service has deleted it, at its expiry.
  { what: 'after its expiry', state: 'gone', ...of(0, 2) },
];
