/** Steps that stop what was started, run in reverse order. */
export interface Shutdown {
  add(stop: () => Promise<void> | void): void;
  /**
   * Runs every step, the last one first, even if some throw. A second call waits for the first.
   * @throws the first error, after all steps have run
   */
  run(): Promise<void>;
}

export function createShutdown(): Shutdown {
  const steps: (() => Promise<void> | void)[] = [];
  const runAll = async () => {
    const errors: unknown[] = [];
    for (const stop of steps.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  };
  let running: Promise<void> | undefined;
  return {
    add: (stop) => void steps.push(stop),
    run: () => (running ??= runAll()),
  };
}
