/** What has been started, to be ended the other way round. */
export interface Stops {
  add(stop: () => Promise<void> | void): void;
  /**
   * Ends all, the last first, whatever one of them throws; a second call waits for the first.
   * @throws what the first of them threw, once all have been ended
   */
  run(): Promise<void>;
}

export function inReverse(): Stops {
  const stops: (() => Promise<void> | void)[] = [];
  const runAll = async () => {
    const errors: unknown[] = [];
    for (const stop of stops.splice(0).reverse()) {
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
    add: (stop) => void stops.push(stop),
    run: () => (running ??= runAll()),
  };
}
