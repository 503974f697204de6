/** A part of the local stack's start, for people who wait. */
export interface StackStep {
  readonly name: 'PostgreSQL' | 'Temporal' | 'Web UI' | 'simulators' | 'workers';
  readonly state: 'running' | 'done';
  /** What it is at or what came of it: a stage, an address. Never a time: whoever shows it has a clock. */
  readonly note?: string;
}

/** Told when a step begins, when its note changes and when it is done. Two may be under way at once. */
export type OnStep = (step: StackStep) => void;

export interface RunningStep {
  note(text: string): void;
  done(note?: string): void;
}

/** Tells that a step begins, and gives what tells the rest of it. */
export function beginStep(name: StackStep['name'], onStep: OnStep): RunningStep {
  let last: string | undefined;
  const tell = (state: StackStep['state'], note?: string) => {
    onStep(note === undefined ? { name, state } : { name, state, note });
  };
  tell('running');
  return {
    note: (text) => {
      if (text !== last) tell('running', text);
      last = text;
    },
    done: (note) => {
      tell('done', note);
    },
  };
}
