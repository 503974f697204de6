import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../../activities/providers/alibaba-ecs/reads.ts';
import { toObservation } from '../../../../activities/providers/alibaba-ecs/states.ts';

describe('instances that vanished', () => {
  const NOW_MS = Date.UTC(2026, 0, 1);
  const instance = (status: string, createdAtMs: number): Instance => ({
    ...{
      id: 'i-1',
      status,
      instanceType: 'ecs.x.large',
      containerId: null,
      key: 'k',
      run: '1',
      createdAtMs,
      releasesAtMs: null,
      address: null,
    },
  });
  const look = (...ours: Instance[]) => toObservation({ hasContainer: false, ours }, 2, NOW_MS).state;

  it('count as failed once the others are too old for a missing one to be late', () => {
    expect(look(instance('Running', NOW_MS - 60_000))).toBe('creating');
    expect(look(instance('Running', NOW_MS - 600_000))).toBe('failed');
    expect(look(instance('Running', NOW_MS - 600_000), instance('Pending', NOW_MS))).toBe('creating');
  });

  it('are no reason to give up stopped instances', () => {
    expect(look(instance('Running', NOW_MS - 600_000), instance('Stopped', NOW_MS - 600_000))).toBe('degraded');
  });
});
