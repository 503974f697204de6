import { withJitter } from '../core/durations.ts';
import { goneAtMsOf, type ClusterFault } from '../core/faults.ts';
import { randomFor } from '../core/random.ts';
import type { Context } from './context.ts';
import { instanceTypeOf } from './instance-types.ts';
import type { Instance, Plan } from './model.ts';

/** An instance of a run that was accepted. */
export interface NewInstance {
  readonly id: string;
  readonly instanceType: string;
  readonly createdAtMs: number;
  readonly fault: ClusterFault | undefined;
}

/**
 * Decides how an instance starts: by the fault of its run if it has one, otherwise it runs. The service calls it
 * SystemFailure.Delete when it removes an instance that it has confirmed: the fault `vanish`.
 */
export function planInstance(context: Context, instance: NewInstance): Pick<Instance, 'plan' | 'goneAtMs'> {
  return { plan: planOf(context, instance), ...goneAtMsOf(instance.fault, instance.createdAtMs) };
}

function planOf({ durations, jitter, seed }: Context, { id, instanceType, createdAtMs, fault }: NewInstance): Plan {
  const random = randomFor(seed, 'fate', id);
  const startingAtMs = createdAtMs + withJitter(durations.pendingMs, jitter, random);
  const bareMetal = instanceTypeOf(instanceType)?.bareMetal === true;
  const startingMs = withJitter(bareMetal ? durations.bareMetalStartingMs : durations.startingMs, jitter, random);
  if (fault?.kind === 'never-ready') return { kind: 'never-ready', startingAtMs };
  if (fault?.kind === 'fails') return { kind: 'fails', startingAtMs, stoppedAtMs: startingAtMs + startingMs };
  const extraMs = fault?.kind === 'slow' ? fault.extraMs : 0;
  return { kind: 'runs', startingAtMs, runningAtMs: startingAtMs + startingMs + extraMs };
}
