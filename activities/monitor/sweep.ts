import { performance } from 'node:perf_hooks';
import type { Creation } from '../../contracts/creation.ts';
import type { Finding } from '../../contracts/findings.ts';
import {
  CLEANUPS_PER_SWEEP,
  RENOTIFY_LEASE_MAX_MS,
  RENOTIFY_MAX_MS,
  NOTIFY_CONCURRENCY,
  MONITOR_KEEP_MS,
} from '../../contracts/limits.ts';
import type { OwnerWorkflows } from '../temporal/owner-workflows.ts';
import { takeRegionSnapshot, type RegionSnapshot, type MonitorContext } from './region-snapshot.ts';
import { Renotifier } from './renotify.ts';
import { monitorPauseMs } from './pause.ts';

type Of<Kind extends Finding['kind']> = Extract<Finding, { kind: Kind }>;
type Unowned = Of<'unowned'>;
type LateCluster = Of<'late-cluster'>;

/** Several may be born late under one key. */
const lateClusterId = ({ key, clusterId }: LateCluster): string => `${key} ${clusterId}`;

/** What a sweep did about what it found. */
export interface Swept extends RegionSnapshot {
  readonly told: number;
  /** How long the oldest change has been told that its owner has not recorded, ms. */
  readonly lagMs: number;
  readonly leasesStarted: number;
  readonly cleanupsStarted: number;
  /** Cleanups that it wanted and did not start, and creations that people must decide on. */
  readonly cleanupsLeft: number;
  /** What could not be done, a sentence each: one owner that fails keeps no other from being seen to. */
  readonly troubles: readonly string[];
}

/** Where a monitor acts: it starts and tells workflows, which do what is to be done. */
export interface SweepSettings {
  readonly region: string;
  readonly owners: Pick<OwnerWorkflows, 'startLease' | 'startCleanup'>;
  /** Whether cleanups are started, or only reported. */
  readonly cleanups: 'start' | 'report';
}

/** One sweep after another: what was told before is remembered. */
export class Sweeper {
  readonly #monitorContext: MonitorContext;
  readonly #settings: SweepSettings;
  readonly #hints = { open: new Renotifier(), leased: new Renotifier(), closing: new Renotifier() };
  readonly #cleanups = new Renotifier();
  readonly #lateClusters = new Renotifier();
  readonly #idle = new Renotifier();
  #idleBefore: ReadonlySet<string> = new Set();
  #troubles: string[] = [];

  constructor(monitorContext: MonitorContext, settings: SweepSettings) {
    this.#monitorContext = monitorContext;
    this.#settings = settings;
  }

  /**
   * Lists, compares, tells. Deletes nothing and writes nothing.
   * @param withOwners whether it also looks which owners run
   * @param intervalMs until the next sweep
   */
  async sweep(withOwners: boolean, intervalMs: number): Promise<Swept> {
    const found = await takeRegionSnapshot(this.#monitorContext, this.#settings.region, 'ours', withOwners);
    const of = <Kind extends Finding['kind']>(kind: Kind): Of<Kind>[] =>
      found.findings.filter((finding): finding is Of<Kind> => finding.kind === kind);
    this.#troubles = [];
    const unowned = of('unowned');
    const told = await this.#tell(of('changed'), intervalMs);
    const freed = withOwners ? await this.#free(of('orphaned-wait')) : 0;
    const leasesStarted = await this.#startLeases(unowned.filter(({ remedy }) => remedy === 'lease'));
    const wanted = [
      ...this.#due(this.#lateClusters, of('late-cluster'), lateClusterId, intervalMs),
      // Owners are not looked up each time: what was not looked for is not gone.
      ...(withOwners ? this.#orphansDue(unowned) : []),
    ];
    const cleanupsStarted = await this.#cleanUp(wanted);
    const forPeople = unowned.filter(({ remedy }) => remedy === 'rebuild').length;
    return {
      ...found,
      told: told + freed,
      lagMs: Math.max(...Object.values(this.#hints).map((hints) => hints.oldestMs(this.#now()))),
      leasesStarted,
      cleanupsStarted,
      cleanupsLeft: wanted.length - cleanupsStarted + forPeople,
      troubles: this.#troubles,
    };
  }

  async #tell(changes: readonly Of<'changed'>[], intervalMs: number): Promise<number> {
    const idOf = ({ owner, key, seen }: Of<'changed'>): string => `${owner} ${key} ${seen}`;
    const due = (['open', 'leased', 'closing'] as const).flatMap((state) => {
      const longestPauseMs = state === 'leased' ? RENOTIFY_LEASE_MAX_MS : RENOTIFY_MAX_MS;
      const some = changes.filter((change) => change.state === state);
      return this.#due(this.#hints[state], some, idOf, intervalMs, longestPauseMs);
    });
    let told = 0;
    for (let from = 0; from < due.length; from += NOTIFY_CONCURRENCY) {
      const some = due.slice(from, from + NOTIFY_CONCURRENCY).map(async (change) => {
        const { owner, key, seen, state } = change;
        const withClientErrors = await this.#tried(`${owner} is not told`, () =>
          this.#monitorContext.runs.tell(owner, { key, seen }),
        );
        if (withClientErrors === undefined) this.#hints[state].forget(idOf(change));
        return withClientErrors === true;
      });
      told += (await Promise.all(some)).filter(Boolean).length;
    }
    return told;
  }

  /** Told once it is found twice in a row: one that has just begun to wait may own a row that was not read yet. */
  async #free(found: readonly Of<'orphaned-wait'>[]): Promise<number> {
    const due = this.#due(
      this.#idle,
      found.filter(({ owner }) => this.#idleBefore.has(owner)),
      ({ owner }) => owner,
      monitorPauseMs(MONITOR_KEEP_MS, this.#monitorContext.timing.speed),
      RENOTIFY_LEASE_MAX_MS,
    );
    this.#idleBefore = new Set(found.map(({ owner }) => owner));
    let told = 0;
    for (const { owner } of due) {
      const hint = { key: null, seen: 'closing' } as const;
      if ((await this.#tried(`${owner} is not told`, () => this.#monitorContext.runs.tell(owner, hint))) === true)
        told += 1;
    }
    return told;
  }

  async #startLeases(found: readonly Unowned[]): Promise<number> {
    let started = 0;
    for (const row of found) {
      await this.#tried(`${row.owner} is not started`, async () => {
        const creation = await this.#stillSo(row);
        if (creation === null) return;
        await this.#settings.owners.startLease(creation);
        started += 1;
      });
    }
    return started;
  }

  /** One whose cleanup was started and changed nothing is started again after ever longer pauses. */
  #orphansDue(unowned: readonly Unowned[]): Unowned[] {
    const orphans = unowned.filter(({ remedy }) => remedy === 'cleanup');
    return this.#due(
      this.#cleanups,
      orphans,
      ({ key }) => key,
      monitorPauseMs(MONITOR_KEEP_MS, this.#monitorContext.timing.speed),
    );
  }

  /** At most CLEANUPS_PER_SWEEP. */
  async #cleanUp(wanted: readonly (Unowned | LateCluster)[]): Promise<number> {
    let started = 0;
    for (const each of wanted) {
      const isLate = each.kind === 'late-cluster';
      if (started === CLEANUPS_PER_SWEEP || this.#settings.cleanups === 'report') {
        if (isLate) this.#lateClusters.forget(lateClusterId(each));
        else this.#cleanups.forget(each.key);
        continue;
      }
      await this.#tried(`the cleanup of ${each.key} is not started`, async () => {
        const creation = isLate
          ? await this.#monitorContext.monitorLedger.creation(each.key)
          : await this.#stillSo(each);
        if (creation === null) return;
        await this.#settings.owners.startCleanup(creation, isLate ? each.clusterId : undefined);
        started += 1;
      });
    }
    return started;
  }

  /** The creation as it is now, if that is as it was found: its owner may have handed it on, or taken it up again. */
  async #stillSo({ key, state, owner, epoch }: Unowned): Promise<Creation | null> {
    const creation = await this.#monitorContext.monitorLedger.creation(key);
    return creation?.state === state && creation.owner === owner && creation.epoch === epoch ? creation : null;
  }

  #due<T>(
    renotifier: Renotifier,
    found: readonly T[],
    idOf: (each: T) => string,
    firstPauseMs: number,
    longestPauseMs = RENOTIFY_MAX_MS,
  ): T[] {
    return renotifier.due(found, { idOf, nowMs: this.#now(), firstPauseMs, longestPauseMs });
  }

  /** What one owner comes to must not keep the others waiting; undefined where it failed. */
  async #tried<T>(trouble: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#troubles.push(`${trouble}: ${String(error)}`);
      return undefined;
    }
  }

  /** A clock that never jumps, ms. */
  #now(): number {
    return (this.#monitorContext.clock ?? (() => performance.now()))();
  }
}
