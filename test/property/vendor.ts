import type { Observation } from '../../contracts/cluster.ts';
import type { IdempotencyClass, Json } from '../../contracts/providers/definition.ts';
import type { ProviderErrorKind } from '../../activities/providers/errors.ts';
import type { FindResult, FoundCluster } from '../../activities/providers/provider.ts';
import type { CodeUnderTest } from './code-under-test.ts';
import type { Random } from './random.ts';
import { createCluster, startDeletion, stateOf, STRANGER, type Cluster } from './vendor-cluster.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** The cluster of a send without an answer exists and shows at the latest this long after the send. */
export const LATE_CLUSTER_WINDOW_MS = 6 * MINUTE;
/** A cluster that the vendor has answered shows at the latest this long after; below the adapter's grace. */
const SHOWN_LATE_MS = 100 * SECOND;
/** List and get both miss a cluster for less than two pauses between reads, and rarely. One of them may miss it for long. */
const BLIND_MS = 3_900;
const HALF_BLIND_MS = 4 * MINUTE;
const BLIND_APART_MS = 120 * MINUTE;

interface LateCreate {
  readonly createdAtMs: number;
  readonly sentAtMs: number;
  readonly name: string;
  readonly overdue: boolean;
}

/** The stored call. The key is its name, its token and its owner. */
export interface Call {
  readonly name: string;
}

export interface VendorOptions {
  readonly idempotency: IdempotencyClass;
  readonly random: Random;
  readonly clock: { readonly nowMs: number };
  /** Whether faults still happen. */
  readonly faulty: () => boolean;
  readonly code: CodeUnderTest;
  readonly onForeignDelete: (cluster: Cluster) => void;
  /** How long the vendor remembers a token. */
  readonly tokenMemoryMs: number;
}

/** A vendor of one idempotency class, with all the faults that vendors have. */
export class Vendor {
  readonly clusters: Cluster[] = [];
  readonly #options: VendorOptions;
  lateCreates: LateCreate[] = [];
  readonly #tokens = new Map<string, { readonly id: string; readonly untilMs: number }>();
  #blind: { readonly toMs: number; readonly ways: readonly ('list' | 'get')[] } = { toMs: -Infinity, ways: [] };
  /** Whether the next send comes from a machine that stopped for too long. */
  overdueSend = false;

  readonly idempotency: IdempotencyClass;

  constructor(options: VendorOptions) {
    this.#options = options;
    this.idempotency = options.idempotency;
  }

  get nowMs(): number {
    return this.#options.clock.nowMs;
  }

  /** Creates the clusters of late creates that are due. */
  tick(): void {
    const due = this.lateCreates.filter(({ createdAtMs }) => createdAtMs <= this.nowMs);
    this.lateCreates = this.lateCreates.filter((each) => !due.includes(each));
    for (const each of due.sort((a, b) => a.createdAtMs - b.createdAtMs)) {
      if (this.idempotency === 'unique-name' && this.#named(each.name) !== undefined) continue;
      if (this.idempotency === 'token' && this.#remembered(each.name) !== undefined) continue;
      this.#add(each.name, each.overdue, each.sentAtMs + LATE_CLUSTER_WINDOW_MS);
    }
  }

  isAlive(cluster: Cluster): boolean {
    return cluster.goneAtMs > this.nowMs;
  }

  /** Adds a stranger's cluster, which Muster must never touch. */
  addStranger(name: string): void {
    this.#add(name, false, this.nowMs, STRANGER);
  }

  vanish(cluster: Cluster): void {
    cluster.vanished = true;
    cluster.goneAtMs = Math.min(cluster.goneAtMs, this.nowMs);
    cluster.unlistedAtMs = cluster.goneAtMs;
  }

  /** Clusters of a key that live or may still appear, by the vendor's own rules. Overdue ones are left out. */
  liveOrLate(key: string): number {
    const live = this.clusters.filter((each) => each.owner === key && this.isAlive(each) && !each.overdue).length;
    const lateCreates = this.lateCreates.filter((each) => each.name === key && !each.overdue).length;
    if (this.idempotency === 'neither') return live + lateCreates;
    const covered = this.idempotency === 'unique-name' ? live > 0 : this.#remembered(key) !== undefined;
    return live + (lateCreates > 0 && !covered ? 1 : 0);
  }

  /** Every call first creates what is due, and may fail before it does anything. */
  answer<T>(call: string, run: () => T): T {
    const { random, faulty } = this.#options;
    this.tick();
    if (call !== 'create' && faulty() && random.chance(0.05)) {
      throw this.#error(random.pick(['throttled', 'unavailable', 'ambiguous'] as const), call);
    }
    return run();
  }

  #visible(way: 'list' | 'get'): Cluster[] {
    const { nowMs } = this;
    const { random, faulty } = this.#options;
    if (faulty() && nowMs - this.#blind.toMs > BLIND_APART_MS && random.chance(0.05)) {
      const both = random.chance(0.5);
      this.#blind = {
        toMs: nowMs + (both ? BLIND_MS : random.between(1, HALF_BLIND_MS)),
        ways: both ? ['list', 'get'] : [way],
      };
    }
    if (nowMs < this.#blind.toMs && this.#blind.ways.includes(way)) {
      return this.clusters.filter((each) => each.owner === STRANGER);
    }
    return this.clusters.filter((each) =>
      way === 'list'
        ? each.listedFromMs <= nowMs && each.unlistedAtMs > nowMs
        : each.foundFromMs <= nowMs && each.goneAtMs > nowMs,
    );
  }

  list(text: string): FoundCluster[] {
    return this.#visible('list')
      .filter((each) => each.name.includes(text))
      .map((each) => this.#found(each));
  }

  observe(id: string): Observation {
    const cluster = this.#visible('get').find((each) => each.id === id);
    const state = cluster === undefined ? 'gone' : stateOf(cluster, this.nowMs);
    return { state, nodesInService: 0, nodesWanted: 1, outOfCapacity: false, detail: state };
  }

  find(key: string): FindResult {
    const named = this.#visible('get').filter((each) => each.name === key);
    const ours = named.filter((each) => this.idempotency === 'neither' || each.owner === key);
    if (ours.length > 0) return { kind: 'ours', cluster: this.#found(this.#options.random.pick(ours)) };
    return named.length > 0 ? { kind: 'taken', detail: 'somebody else has the name' } : { kind: 'none' };
  }

  create(call: Json): string {
    const { name } = call as unknown as Call;
    const { nowMs } = this;
    const { random, idempotency } = this.#options;
    this.#addStrangersLike(name);
    const overdue = this.overdueSend;
    this.overdueSend = false;
    const fate = this.#options.faulty()
      ? random.weighted([
          [10, 'made'],
          [2, 'refused'],
          [2, 'throttled'],
          [2, 'lost before'],
          [4, 'lost after'],
          [5, 'late'],
          [2, 'copied'],
        ] as const)
      : 'made';
    switch (fate) {
      case 'refused':
        throw this.#error(random.pick(['capacity', 'quota', 'rejected', 'unauthorized'] as const), 'create');
      case 'throttled':
        throw this.#error(random.pick(['throttled', 'unavailable'] as const), 'create');
      case 'lost before':
        throw this.#error('ambiguous', 'create');
      case 'late': {
        const createdAtMs = nowMs + random.between(1, LATE_CLUSTER_WINDOW_MS - 1);
        this.lateCreates.push({ createdAtMs, sentAtMs: nowMs, name, overdue });
        throw this.#error(random.pick(['ambiguous', 'unknown'] as const), 'create');
      }
      case 'lost after':
        if (idempotency === 'unique-name' ? !this.#named(name) : !this.#remembered(name)) {
          this.#add(name, overdue, nowMs + LATE_CLUSTER_WINDOW_MS);
        }
        throw this.#error('ambiguous', 'create');
      case 'copied':
        // A copy of the request arrives first. The reply is the one to the second.
        if (idempotency === 'unique-name' && !this.#named(name))
          this.#add(name, overdue, nowMs + LATE_CLUSTER_WINDOW_MS);
        break;
      case 'made':
    }
    if (idempotency === 'unique-name' && this.#named(name)) throw this.#error('name-taken', 'create');
    return this.#remembered(name)?.id ?? this.#add(name, overdue, nowMs + SHOWN_LATE_MS).id;
  }

  /** Adds strangers' clusters with names like ours. Where names are unique, one may have taken ours. */
  #addStrangersLike(name: string): void {
    if (this.clusters.some((each) => each.name === `${name}-h`)) return;
    for (const like of [`${name}-h`, `x${name}`, name.replace('aaaaaa', 'bbbbbb')]) this.addStranger(like);
    const { idempotency, random } = this.#options;
    if (idempotency === 'unique-name' && random.chance(0.02) && !this.#named(name)) this.addStranger(name);
  }

  delete(id: string): void {
    const { nowMs } = this;
    const { random } = this.#options;
    const cluster = this.clusters.find((each) => each.id === id);
    // A cluster that does not show yet cannot be deleted either.
    if (cluster === undefined || cluster.foundFromMs > nowMs || cluster.goneAtMs <= nowMs) return;
    if (cluster.owner === STRANGER) this.#options.onForeignDelete(cluster);
    if (stateOf(cluster, this.nowMs) === 'creating') throw this.#error('conflict', 'delete');
    startDeletion(random, cluster, nowMs);
    if (this.#options.faulty() && random.chance(0.1)) throw this.#error('ambiguous', 'delete');
  }

  #add(name: string, overdue: boolean, shownByMs: number, owner = name): Cluster {
    const { nowMs } = this;
    const { random, idempotency, tokenMemoryMs } = this.#options;
    const id = `c${this.clusters.length + 1}`;
    const cluster = createCluster(random, { id, name, owner, overdue, createdAtMs: nowMs, shownByMs });
    this.clusters.push(cluster);
    if (idempotency === 'token' && owner !== STRANGER) this.#tokens.set(name, { id, untilMs: nowMs + tokenMemoryMs });
    return cluster;
  }

  #named(name: string): Cluster | undefined {
    return this.clusters.find((each) => each.name === name && this.isAlive(each));
  }

  #remembered(token: string): { readonly id: string } | undefined {
    const found = this.#tokens.get(token);
    return found !== undefined && found.untilMs > this.nowMs ? found : undefined;
  }

  #found(cluster: Cluster): FoundCluster {
    return {
      clusterId: cluster.id,
      name: cluster.name,
      state: stateOf(cluster, this.nowMs),
      createdAtMs: this.#options.random.chance(0.7) ? cluster.createdAtMs : null,
    };
  }

  #error(kind: ProviderErrorKind, call: string): Error {
    const { ProviderError } = this.#options.code;
    return new ProviderError(kind, { provider: this.idempotency, call, vendorCode: 'Vendor', text: kind });
  }
}
