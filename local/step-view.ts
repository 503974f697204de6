import pc from 'picocolors';
import type { LiveLines } from '../client/terminal/live-lines.ts';
import type { StackStep } from './stack.ts';

/** Shows the steps of a stack's start as lines, each with the time since it began. */
export function stepView(view: LiveLines): (step: StackStep) => void {
  const began = new Map<string, number>();
  return ({ name, state, note }) => {
    const sinceMs = began.get(name) ?? Date.now();
    began.set(name, sinceMs);
    view.show({
      id: `step ${name}`,
      state: state === 'done' ? 'ok' : 'running',
      text: note === undefined ? name : `${name}  ${pc.dim(note)}`,
      sinceMs,
      untilMs: state === 'done' ? Date.now() : null,
    });
  };
}
