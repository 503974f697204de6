import type { Sight } from '../kit/case.ts';

const of = (nodesInService: number, nodesWanted: number) => ({ nodesInService, nodesWanted });
const wait = { state: 'creating' } as const;

/** What each status means. Only RUNNING is the vendor's word; a word for "gone" is not yet proof of it. */
export const SIGHTS: readonly Sight[] = [
  { what: 'running with all its nodes', status: 'RUNNING', state: 'ready', ...of(2, 2) },
  {
    ...{ what: 'running with too few nodes', fault: { kind: 'partial-capacity', nodes: 1 } },
    ...{ state: 'degraded', ...of(1, 2) },
  },
  { what: 'PENDING', status: 'PENDING', ...wait, ...of(0, 2) },
  { what: 'PROVISIONING', status: 'PROVISIONING', ...wait, ...of(0, 2) },
  { what: 'in a status that nobody knows', status: 'HIBERNATING', ...wait, ...of(0, 2) },
  { what: 'in small letters', status: 'running', state: 'ready', ...of(2, 2) },
  { what: 'TERMINATING', status: 'TERMINATING', state: 'deleting', ...of(0, 2), leased: 'failed' },
  { what: 'TERMINATED and still shown', status: 'TERMINATED', state: 'deleting', ...of(0, 2) },
  { what: 'that failed in use', status: 'FAILED', state: 'failed', ...of(0, 2), leased: 'failed' },
  { what: 'failed', fault: { kind: 'fails' }, state: 'failed', ...of(0, 2) },
  {
    ...{ what: 'failed for want of capacity', fault: { kind: 'no-capacity' } },
    ...{ state: 'failed', outOfCapacity: true, ...of(0, 2) },
  },
  { what: 'gone', fault: { kind: 'vanish', afterMs: 1 }, state: 'gone', ...of(0, 0) },
];
