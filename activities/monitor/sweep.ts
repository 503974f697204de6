import type { Creation } from '../../contracts/creation.ts';
import type { Finding } from '../../contracts/findings.ts';
import {
  CLEANUPS_PER_SWEEP,
  MONITOR_KEEP_MS,
  NOTIFY_CONCURRENCY,
  RENOTIFY_LEASE_MAX_MS,
  RENOTIFY_MAX_MS,
} from '../../contracts/limits.ts';
import { monotonicMs } from '../providers/timing.ts';
import type { OwnerWorkflows } from '../temporal/owner-workflows.ts';
import { monitorPauseMs } from './pause.ts';
import { takeRegionSnapshot, type MonitorContext, type RegionSnapshot } from './region-snapshot.ts';
import { Renotifier } from './renotify.ts';

type FindingOf<Kind extends Finding['kind']> = Extract<Finding, { kind: Kind }>;
type Changed = FindingOf<'changed'>;
type LateCluster = FindingOf<'late-cluster'>;
type OrphanedWait = FindingOf<'orphaned-wait'>;
type Unowned = FindingOf<'unowned'>;

/** Several late clusters may carry one key. */
const idOfLateCluster = ({ key, clusterId }: LateCluster): string => `${key} ${clusterId}`;
const idOfChange = ({ owner, key, observed }: Changed): string => `${owner} ${key} ${observed}`;

/** What a sweep found, and what it did about it. */
export interface SweepResult extends RegionSnapshot {
  readonly hintsSent: number;
  /** Age of the oldest change that its owner has not recorded, ms; 0 when there is none. */
  readonly lagMs: number;
  readonly leasesStarted: number;
  readonly cleanupsStarted: number;
  /** Cleanups that were due and not started, and creations that people must decide about. */
  readonly needsAttention: number;
  /** What failed, a sentence each. One failure does not keep the others from being handled. */
  readonly problems: readonly string[];
}

/** Where a monitor acts. It notifies workflows and starts them; they do the work. */
export interface SweepSettings {
  readonly region: string;
  readonly owners: Pick<OwnerWorkflows, 'startLease' | 'startCleanup'>;
  /** Whether cleanups are started or only reported. */
  readonly cleanups: 'start' | 'report';
}

/** Sweeps a region repeatedly, and remembers which notifications it has sent. */
export class Sweeper {
  readonly #context: MonitorContext;
  readonly #settings: SweepSettings;
  readonly #hints = { open: new Renotifier(), leased: new Renotifier(), closing: new Renotifier() };
  readonly #cleanups = new Renotifier();
  readonly #lateClusters = new Renotifier();
  readonly #orphanedWaits = new Renotifier();
  #orphanedBefore: ReadonlySet<string> = new Set();
  #problems: string[] = [];

  constructor(context: MonitorContext, settings: SweepSettings) {
    this.#context = context;
    this.#settings = settings;
  }

  /**
   * Lists, compares, notifies owners and starts workflows. It deletes nothing and writes nothing to the ledger.
   * @param withOwners whether it also checks which owners run
   * @param intervalMs the pause until the next sweep
   */
  async sweep(withOwners: boolean, intervalMs: number): Promise<SweepResult> {
    const { region } = this.#settings;
    const snapshot = await takeRegionSnapshot(this.#context, region, { list: 'this-installation', withOwners });
    const of = <Kind extends Finding['kind']>(kind: Kind): FindingOf<Kind>[] =>
      snapshot.findings.filter((finding): finding is FindingOf<Kind> => finding.kind === kind);
    this.#problems = [];
    const unowned = of('unowned');
    const changesNotified = await this.#notifyChanges(of('changed'), intervalMs);
    const waitsNotified = withOwners ? await this.#notifyOrphanedWaits(of('orphaned-wait')) : 0;
    const leasesStarted = await this.#startLeases(unowned.filter(({ remedy }) => remedy === 'start-lease'));
    const cleanupsDue = [
      ...this.#due(this.#lateClusters, of('late-cluster'), idOfLateCluster, intervalMs),
      // Without a check of the owners, no unowned creation is found: that must not reset their pauses.
      ...(withOwners ? this.#dueForCleanup(unowned) : []),
    ];
    const cleanupsStarted = await this.#startCleanups(cleanupsDue);
    const toRebuild = unowned.filter(({ remedy }) => remedy === 'rebuild').length;
    return {
      ...snapshot,
      hintsSent: changesNotified + waitsNotified,
      lagMs: Math.max(...Object.values(this.#hints).map((hints) => hints.oldestMs(this.#nowMs()))),
      leasesStarted,
      cleanupsStarted,
      needsAttention: cleanupsDue.length - cleanupsStarted + toRebuild,
      problems: this.#problems,
    };
  }

  async #notifyChanges(changes: readonly Changed[], intervalMs: number): Promise<number> {
    const due = (['open', 'leased', 'closing'] as const).flatMap((state) => {
      const longestPauseMs = state === 'leased' ? RENOTIFY_LEASE_MAX_MS : RENOTIFY_MAX_MS;
      const ofState = changes.filter((change) => change.state === state);
      return this.#due(this.#hints[state], ofState, idOfChange, intervalMs, longestPauseMs);
    });
    let notified = 0;
    for (let from = 0; from < due.length; from += NOTIFY_CONCURRENCY) {
      const batch = due.slice(from, from + NOTIFY_CONCURRENCY).map(async (change) => {
        const { owner, key, observed, state } = change;
        const arrived = await this.#notify(owner, { key, observed });
        if (arrived === undefined) this.#hints[state].retry(idOfChange(change));
        return arrived === true;
      });
      notified += (await Promise.all(batch)).filter(Boolean).length;
    }
    return notified;
  }

  /** Notifies a request after two findings in a row: a request that has just started to wait may own a newer row. */
  async #notifyOrphanedWaits(found: readonly OrphanedWait[]): Promise<number> {
    const due = this.#due(
      this.#orphanedWaits,
      found.filter(({ owner }) => this.#orphanedBefore.has(owner)),
      ({ owner }) => owner,
      this.#keepPauseMs(),
      RENOTIFY_LEASE_MAX_MS,
    );
    this.#orphanedBefore = new Set(found.map(({ owner }) => owner));
    let notified = 0;
    for (const { owner } of due) {
      if ((await this.#notify(owner, { key: null, observed: 'closing' })) === true) notified += 1;
    }
    return notified;
  }

  async #startLeases(found: readonly Unowned[]): Promise<number> {
    let started = 0;
    for (const unowned of found) {
      await this.#try(`${unowned.owner} was not started`, async () => {
        const creation = await this.#readIfUnchanged(unowned);
        if (creation === null) return;
        await this.#settings.owners.startLease(creation);
        started += 1;
      });
    }
    return started;
  }

  /** A cleanup that was started and changed nothing is started again after ever longer pauses. */
  #dueForCleanup(unowned: readonly Unowned[]): Unowned[] {
    const orphans = unowned.filter(({ remedy }) => remedy === 'start-cleanup');
    return this.#due(this.#cleanups, orphans, ({ key }) => key, this.#keepPauseMs());
  }

  /** Starts at most CLEANUPS_PER_SWEEP. */
  async #startCleanups(due: readonly (Unowned | LateCluster)[]): Promise<number> {
    let started = 0;
    for (const finding of due) {
      const isLate = finding.kind === 'late-cluster';
      if (started === CLEANUPS_PER_SWEEP || this.#settings.cleanups === 'report') {
        if (isLate) this.#lateClusters.retry(idOfLateCluster(finding));
        else this.#cleanups.retry(finding.key);
        continue;
      }
      await this.#try(`the cleanup of ${finding.key} was not started`, async () => {
        const creation = isLate
          ? await this.#context.monitorLedger.creation(finding.key)
          : await this.#readIfUnchanged(finding);
        if (creation === null) return;
        await this.#settings.owners.startCleanup(creation, isLate ? finding.clusterId : undefined);
        started += 1;
      });
    }
    return started;
  }

  /** The creation, if it is still as it was found: its owner may have passed it on, or a request may have adopted it. */
  async #readIfUnchanged({ key, state, owner, epoch }: Unowned): Promise<Creation | null> {
    const creation = await this.#context.monitorLedger.creation(key);
    return creation?.state === state && creation.owner === owner && creation.epoch === epoch ? creation : null;
  }

  /** Whether the hint reached a run; undefined when the call failed. */
  #notify(...[owner, hint]: Parameters<MonitorContext['ownerRuns']['notify']>): Promise<boolean | undefined> {
    return this.#try(`${owner} was not notified`, () => this.#context.ownerRuns.notify(owner, hint));
  }

  #due<T>(
    renotifier: Renotifier,
    found: readonly T[],
    idOf: (each: T) => string,
    firstPauseMs: number,
    longestPauseMs = RENOTIFY_MAX_MS,
  ): T[] {
    return renotifier.due(found, { idOf, nowMs: this.#nowMs(), firstPauseMs, longestPauseMs });
  }

  /** Runs a piece of work. A failure is noted as a problem, and the result is undefined. */
  async #try<T>(problem: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#problems.push(`${problem}: ${String(error)}`);
      return undefined;
    }
  }

  /** The pause between two checks of the owners, ms. */
  #keepPauseMs(): number {
    return monitorPauseMs(MONITOR_KEEP_MS, this.#context.timing.speed);
  }

  /** On a clock that never jumps. */
  #nowMs(): number {
    return monotonicMs(this.#context.timing);
  }
}
