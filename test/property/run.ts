import type { IdempotencyClass } from '../../contracts/providers/definition.ts';
import type { Code } from './code.ts';
import { openLane } from './database.ts';
import { runWorld } from './drive.ts';
import { Violation } from './world.ts';

export const CLASSES: readonly IdempotencyClass[] = ['token', 'unique-name', 'neither'];

export interface Batch {
  readonly postgresUrl: string;
  readonly classes: readonly IdempotencyClass[];
  readonly firstSeed: number;
  /** Worlds of each class. */
  readonly worlds: number;
  /** Databases side by side. */
  readonly lanes: number;
  readonly code?: Code;
  readonly machinesStop?: boolean | undefined;
  /** In how many worlds each answer and each turn was met. */
  readonly met?: Map<string, number>;
}

/** Runs worlds side by side, each lane one after another; the first violation ends the batch and is returned. */
export async function runBatch({
  postgresUrl,
  classes,
  firstSeed,
  worlds,
  lanes,
  code,
  machinesStop,
  met,
}: Batch): Promise<Violation | undefined> {
  const jobs = Array.from({ length: worlds }, (_, index) => firstSeed + index).flatMap((seed) =>
    classes.map((idempotency) => ({ seed, idempotency })),
  );
  let found: Violation | undefined;
  const work = async (): Promise<void> => {
    const lane = await openLane(postgresUrl, classes);
    try {
      for (let job = jobs.shift(); job !== undefined && found === undefined; job = jobs.shift()) {
        const world = await runWorld({ ...job, lane, machinesStop, ...(code ? { code } : {}) });
        for (const what of world.met) met?.set(what, (met.get(what) ?? 0) + 1);
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
