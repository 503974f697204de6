import { setTimeout as pause } from 'node:timers/promises';
import { usageOf, type Usage } from './processes.ts';

/** Interval between two readings of memory, for its peak. */
const SAMPLE_MS = 2_000;

/** What a process and its descendants used during a measurement. */
export interface Consumption {
  readonly bytes: number;
  readonly peakBytes: number;
  /** Average number of busy cores. */
  readonly cores: number;
}

/** Measures processes while work runs. */
export async function measureProcesses<Name extends string, T>(
  roots: Readonly<Record<Name, number>>,
  work: Promise<T>,
): Promise<{ readonly result: T; readonly seconds: number; readonly used: Record<Name, Consumption> }> {
  const began = usageOf(roots);
  const beganAtMs = performance.now();
  const peaks = new Map<string, number>();
  const note = (): Record<Name, Usage> => {
    const now = usageOf(roots);
    for (const [name, { bytes }] of Object.entries<Usage>(now)) peaks.set(name, Math.max(bytes, peaks.get(name) ?? 0));
    return now;
  };
  const over = new AbortController();
  const sampling = (async () => {
    while (!over.signal.aborted) {
      note();
      await pause(SAMPLE_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  try {
    const result = await work;
    const seconds = (performance.now() - beganAtMs) / 1_000;
    const ended = note();
    const used = Object.entries<Usage>(ended).map(([name, { bytes, cpuSeconds }]) => {
      const cores = (cpuSeconds - began[name as Name].cpuSeconds) / seconds;
      return [name, { bytes, peakBytes: peaks.get(name) ?? bytes, cores }];
    });
    return { result, seconds, used: Object.fromEntries(used) as Record<Name, Consumption> };
  } finally {
    over.abort();
    await sampling;
  }
}
