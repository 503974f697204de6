import type { Creation } from '../../contracts/creation.ts';
import type { Finding } from '../../contracts/findings.ts';
import { CLEANUPS_PER_SWEEP, TELL_CONCURRENCY } from '../../contracts/limits.ts';
import type { Owners } from '../ledger/owners.ts';
import { lookAround, type LookedAround, type Lookout } from './look-around.ts';
import { Retelling } from './retelling.ts';

type Of<Kind extends Finding['kind']> = Extract<Finding, { kind: Kind }>;

/** What a sweep did about what it found. */
export interface Swept extends LookedAround {
  readonly told: number;
  /** How long the oldest change has been told that its owner has not recorded, ms. */
  readonly lagMs: number;
  readonly leasesStarted: number;
  readonly cleanupsStarted: number;
  /** Cleanups that it wanted and did not start, and creations that people must decide on. */
  readonly cleanupsLeft: number;
}

/** Where a watch acts: it starts and tells workflows, which do what is to be done. */
export interface SweepSettings {
  readonly region: string;
  readonly owners: Pick<Owners, 'startLease' | 'startCleanup'>;
  /** Whether cleanups are started, or only reported. */
  readonly cleanups: 'start' | 'report';
}

/** One sweep after another: what was told before is remembered. */
export class Sweeper {
  readonly #lookout: Lookout;
  readonly #settings: SweepSettings;
  readonly #hints = new Retelling();
  readonly #cleanups = new Retelling();

  readonly #now: () => number;

  constructor(lookout: Lookout, settings: SweepSettings) {
    this.#now = lookout.clock ?? Date.now;
    this.#lookout = lookout;
    this.#settings = settings;
  }

  /**
   * Lists, compares, tells. Deletes nothing and writes nothing.
   * @param withOwners whether it also looks which owners run
   * @param intervalMs until the next sweep
   */
  async sweep(withOwners: boolean, intervalMs: number): Promise<Swept> {
    const found = await lookAround(this.#lookout, this.#settings.region, 'ours', withOwners);
    const of = <Kind extends Finding['kind']>(kind: Kind): Of<Kind>[] =>
      found.findings.filter((finding): finding is Of<Kind> => finding.kind === kind);
    const unowned = of('unowned');
    const told = await this.#tell(of('changed'), intervalMs);
    const leasesStarted = await this.#startLeases(unowned.filter(({ remedy }) => remedy === 'lease'));
    const cleanups = await this.#cleanUp(
      [...unowned.filter(({ remedy }) => remedy === 'cleanup'), ...of('late-birth')],
      intervalMs,
    );
    const forPeople = unowned.filter(({ remedy }) => remedy === 'rebuild').length;
    return {
      ...found,
      told,
      lagMs: this.#hints.oldestMs(this.#now()),
      leasesStarted,
      ...cleanups,
      cleanupsLeft: cleanups.cleanupsLeft + forPeople,
    };
  }

  async #tell(changes: readonly Of<'changed'>[], intervalMs: number): Promise<number> {
    const idOf = ({ owner, key, seen }: Of<'changed'>): string => `${owner} ${key} ${seen}`;
    const due = this.#hints.due(changes, idOf, this.#now(), intervalMs);
    let told = 0;
    for (let from = 0; from < due.length; from += TELL_CONCURRENCY) {
      const some = due.slice(from, from + TELL_CONCURRENCY);
      const reached = await Promise.all(
        some.map((change) =>
          this.#lookout.runs.tell(change.owner, { key: change.key, seen: change.seen }).catch((error: unknown) => {
            // It and those that are left are told by the next sweep.
            for (const each of due.slice(from)) this.#hints.forget(idOf(each));
            throw error;
          }),
        ),
      );
      told += reached.filter(Boolean).length;
    }
    return told;
  }

  async #startLeases(found: readonly Of<'unowned'>[]): Promise<number> {
    let started = 0;
    for (const row of found) {
      const creation = await this.#stillSo(row);
      if (creation === null) continue;
      await this.#settings.owners.startLease(creation);
      started += 1;
    }
    return started;
  }

  /** At most CLEANUPS_PER_SWEEP; one that was started and changed nothing is started again after ever longer pauses. */
  async #cleanUp(
    found: readonly (Of<'unowned'> | Of<'late-birth'>)[],
    intervalMs: number,
  ): Promise<Pick<Swept, 'cleanupsStarted' | 'cleanupsLeft'>> {
    if (this.#settings.cleanups === 'report') return { cleanupsStarted: 0, cleanupsLeft: found.length };
    const idOf = (each: (typeof found)[number]): string =>
      each.kind === 'unowned' ? each.key : `${each.key} ${each.clusterId}`;
    const due = this.#cleanups.due(found, idOf, this.#now(), intervalMs);
    let cleanupsStarted = 0;
    for (const each of due) {
      if (cleanupsStarted === CLEANUPS_PER_SWEEP) {
        this.#cleanups.forget(idOf(each));
        continue;
      }
      const creation =
        each.kind === 'unowned' ? await this.#stillSo(each) : await this.#lookout.watched.creation(each.key);
      if (creation === null) continue;
      await this.#settings.owners.startCleanup(creation, each.kind === 'unowned' ? undefined : each.clusterId);
      cleanupsStarted += 1;
    }
    return { cleanupsStarted, cleanupsLeft: due.length - cleanupsStarted };
  }

  /** The creation as it is now, if that is as it was found: its owner may have ended by handing it on. */
  async #stillSo({ key, state, owner }: Of<'unowned'>): Promise<Creation | null> {
    const creation = await this.#lookout.watched.creation(key);
    return creation?.state === state && creation.owner === owner ? creation : null;
  }
}
