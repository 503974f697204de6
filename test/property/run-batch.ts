import type { IdempotencyClass } from '../../contracts/providers/definition.ts';
import { REAL_CODE, type CodeUnderTest } from './code-under-test.ts';
import { openLane } from './database.ts';
import { runWorld } from './run-world.ts';
import { Violation } from './surroundings.ts';

export const CLASSES: readonly IdempotencyClass[] = ['token', 'unique-name', 'neither'];

export interface Batch {
  readonly postgresUrl: string;
  readonly classes: readonly IdempotencyClass[];
  readonly firstSeed: number;
  /** Worlds of each class. */
  readonly worlds: number;
  /** Databases that are used at the same time. */
  readonly lanes: number;
  readonly code?: CodeUnderTest;
  readonly machinesStop?: boolean | undefined;
  /** Takes in how many worlds each answer and each transition happened. */
  readonly covered?: Map<string, number>;
}

/** Runs worlds, one at a time in each lane. The first violation ends the batch and is returned. */
export async function runBatch({
  postgresUrl,
  classes,
  firstSeed,
  worlds,
  lanes,
  code = REAL_CODE,
  machinesStop,
  covered,
}: Batch): Promise<Violation | undefined> {
  const jobs = Array.from({ length: worlds }, (_, index) => firstSeed + index).flatMap((seed) =>
    classes.map((idempotency) => ({ seed, idempotency })),
  );
  let found: Violation | undefined;
  const work = async (): Promise<void> => {
    const lane = await openLane(postgresUrl, classes);
    try {
      for (let job = jobs.shift(); job !== undefined && found === undefined; job = jobs.shift()) {
        const world = await runWorld({ ...job, lane, machinesStop, code });
        for (const what of world.covered) covered?.set(what, (covered.get(what) ?? 0) + 1);
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      found ??= error;
    } finally {
      await lane.drop();
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return found;
}
