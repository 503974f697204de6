/**
 * Wraps each activity so that it throws only typed failures.
 * @param toFailure one of the conversions in failures.ts
 */
export function withTypedFailures<A extends object>(activities: A, toFailure: (error: unknown) => Error): A {
  return Object.fromEntries(
    Object.entries(activities).map(([name, run]: [string, (input: unknown) => Promise<unknown>]) => [
      name,
      async (input: unknown) => {
        try {
          return await run(input);
        } catch (error) {
          throw toFailure(error);
        }
      },
    ]),
  ) as A;
}
