import { jittered } from '../core/durations.ts';
import type { ClusterFault } from '../core/faults.ts';
import { randomFor } from '../core/random.ts';
import type { Setting } from './context.ts';
import { instanceTypeOf } from './instance-types.ts';
import type { Instance, Plan } from './model.ts';

export interface InstanceStart {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly createdAtMs: number;
  readonly clusterFault: ClusterFault | undefined;
}

/** Settles at its birth what an instance comes to: by the scripted outcome if there is one, else it runs. */
export function planInstance(setting: Setting, start: InstanceStart): Pick<Instance, 'plan' | 'goneAtMs'> {
  const { clusterFault, createdAtMs } = start;
  // The service calls it SystemFailure.Delete: an instance that was answered for is taken away again.
  const goneAtMs = clusterFault?.kind === 'vanish' ? createdAtMs + clusterFault.afterMs : undefined;
  return { plan: planOf(setting, start), ...(goneAtMs === undefined ? {} : { goneAtMs }) };
}

function planOf(
  { durations, jitter, seed }: Setting,
  { instanceId, instanceType, createdAtMs, clusterFault }: InstanceStart,
): Plan {
  const random = randomFor(seed, 'fate', instanceId);
  const startingAtMs = createdAtMs + jittered(durations.pendingMs, jitter, random);
  const bareMetal = instanceTypeOf(instanceType)?.bareMetal === true;
  const startingMs = jittered(bareMetal ? durations.bareMetalStartingMs : durations.startingMs, jitter, random);
  if (clusterFault?.kind === 'never-ready') return { kind: 'never-ready', startingAtMs };
  if (clusterFault?.kind === 'fails') return { kind: 'fails', startingAtMs, stoppedAtMs: startingAtMs + startingMs };
  const extraMs = clusterFault?.kind === 'slow' ? clusterFault.extraMs : 0;
  return { kind: 'runs', startingAtMs, runningAtMs: startingAtMs + startingMs + extraMs };
}
