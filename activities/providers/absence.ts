import { setTimeout as pause } from 'node:timers/promises';
import { ABSENCE_READS, ABSENCE_READ_GAP_MS } from '../../contracts/limits.ts';
import type { OwnCreation } from '../ledger/sends.ts';
import type { FoundCluster, Provider } from './provider.ts';

/** How fast a provider's time runs: 1 but for local simulators, whose waits shrink by it. */
export interface Pace {
  readonly speed: number;
  /** The wait between two looks, and a clock that never jumps, ms: the process's own unless a test sets them. */
  readonly pause?: (ms: number) => Promise<unknown>;
  readonly monotonicMs?: () => number;
}

/** A wait of real time at the provider's speed, at least 50 ms. */
export const paced = (ms: number, pace: Pace): number => Math.max(50, Math.ceil(ms / pace.speed));

/** How long a send without a definite answer may still be born and shown, ms; 0 when every send was answered. */
export function lateBirthLeftMs(row: OwnCreation): number {
  if (row.answered >= row.claims || row.sendUntilMs === null) return 0;
  return Math.max(0, row.sendUntilMs + row.lateBirthWindowMs - row.nowMs + 1);
}

/**
 * One pair of list and get. Everything of ours that wears the key; `unsure` when the two disagree, as they do while a
 * birth or a death becomes visible.
 */
export async function lookBothWays(provider: Provider, row: OwnCreation): Promise<FoundCluster[] | 'unsure'> {
  const listed = (await provider.list(row.region, row.key)).filter(({ name }) => name === row.key);
  const found = await provider.find(row.region, row.key);
  switch (found.kind) {
    // A stranger wears our name: whatever is listed under it is the stranger's.
    case 'taken':
      return [];
    case 'none':
      return listed.length === 0 ? [] : 'unsure';
    case 'ours':
      return [found.cluster, ...listed.filter(({ clusterId }) => clusterId !== found.cluster.clusterId)];
  }
}

/** Whether {@link ABSENCE_READS} pairs in a row, spaced, find nothing of ours. */
export async function provenAbsent(provider: Provider, row: OwnCreation, pace: Pace): Promise<boolean> {
  for (let read = 1; read <= ABSENCE_READS; read += 1) {
    if (read > 1) await (pace.pause ?? pause)(paced(ABSENCE_READ_GAP_MS, pace));
    const living = await lookBothWays(provider, row);
    if (living === 'unsure' || living.length > 0) return false;
  }
  return true;
}
