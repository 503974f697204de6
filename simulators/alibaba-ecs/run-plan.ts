import { jittered } from '../core/durations.ts';
import type { Outcome } from '../core/faults.ts';
import { randomFor } from '../core/random.ts';
import type { Setting } from './context.ts';
import { instanceTypeOf } from './instance-types.ts';
import type { Instance, Plan } from './model.ts';

export interface Birth {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly createdAtMs: number;
  readonly outcome: Outcome | undefined;
}

/** Settles at its birth what an instance comes to: by the scripted outcome if there is one, else it runs. */
export function settleFate(setting: Setting, birth: Birth): Pick<Instance, 'plan' | 'goneAtMs'> {
  const { outcome, createdAtMs } = birth;
  // The service calls it SystemFailure.Delete: an instance that was answered for is taken away again.
  const goneAtMs = outcome?.kind === 'vanish' ? createdAtMs + outcome.afterMs : undefined;
  return { plan: planOf(setting, birth), ...(goneAtMs === undefined ? {} : { goneAtMs }) };
}

function planOf({ durations, jitter, seed }: Setting, { instanceId, instanceType, createdAtMs, outcome }: Birth): Plan {
  const random = randomFor(seed, 'fate', instanceId);
  const startingAtMs = createdAtMs + jittered(durations.pendingMs, jitter, random);
  const bareMetal = instanceTypeOf(instanceType)?.bareMetal === true;
  const startingMs = jittered(bareMetal ? durations.bareMetalStartingMs : durations.startingMs, jitter, random);
  if (outcome?.kind === 'never-ready') return { kind: 'never-ready', startingAtMs };
  if (outcome?.kind === 'fails') return { kind: 'fails', startingAtMs, stoppedAtMs: startingAtMs + startingMs };
  const extraMs = outcome?.kind === 'slow' ? outcome.extraMs : 0;
  return { kind: 'runs', startingAtMs, runningAtMs: startingAtMs + startingMs + extraMs };
}
