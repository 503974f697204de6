/** Progress of one part of the local stack's start, for a user who waits. */
export interface StackStep {
  readonly name: 'PostgreSQL' | 'Temporal' | 'Web UI' | 'simulators' | 'workers';
  readonly state: 'running' | 'done';
  /** The current stage, or the result such as an address. Contains no time: the view shows one. */
  readonly note?: string;
}

/** Called when a step begins, when its note changes and when it is done. Two steps may run at once. */
export type OnStep = (step: StackStep) => void;

export interface RunningStep {
  note(text: string): void;
  done(note?: string): void;
}

/** Reports that a step begins. The result reports its notes and its end. */
export function beginStep(name: StackStep['name'], onStep: OnStep): RunningStep {
  let last: string | undefined;
  const report = (state: StackStep['state'], note?: string) => {
    onStep(note === undefined ? { name, state } : { name, state, note });
  };
  report('running');
  return {
    note: (text) => {
      if (text !== last) report('running', text);
      last = text;
    },
    done: (note) => {
      report('done', note);
    },
  };
}
