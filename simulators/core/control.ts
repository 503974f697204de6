import type { z } from 'zod';
import type {
  SimulatedCluster,
  Part,
  SeedCluster,
  SetLimit,
  SetRunningNodes,
  SetStatus,
  VanishCluster,
} from './control-messages.ts';
import type { ActiveRule, FaultRule } from './faults.ts';
import type { CallRecord } from './journal.ts';

/** A fault rule as tests write it: defaults may be left out, and a regular expression may be one. */
export type FaultRuleInput = Omit<z.input<typeof FaultRule>, 'match'> & {
  match?: { clusterName?: string | RegExp; region?: string };
};

/** The control API of one running simulator, typed. Every method rejects with the simulator's own words. */
export class SimulatorControl {
  readonly #base: string;

  /** @param url the simulator's URL, as its SDK takes it */
  constructor(url: string) {
    this.#base = `${url.replace(/\/$/, '')}/_control/`;
  }

  /** Every call since the last clear, oldest first. */
  async journal(operation?: string): Promise<CallRecord[]> {
    const query = operation === undefined ? '' : `?operation=${encodeURIComponent(operation)}`;
    return (await this.#call<{ calls: CallRecord[] }>('GET', `journal${query}`)).calls;
  }

  /** Every cluster that was ever created, oldest first; with `live`, only those that still exist. */
  async clusters(options: { live?: boolean } = {}): Promise<SimulatedCluster[]> {
    const query = options.live === true ? '?live=true' : '';
    return (await this.#call<{ clusters: SimulatedCluster[] }>('GET', `clusters${query}`)).clusters;
  }

  /** @returns the ids of the rules */
  async addFaults(...rules: FaultRuleInput[]): Promise<number[]> {
    const wire = rules.map(({ match, ...rule }) => ({
      ...rule,
      match: {
        ...match,
        clusterName: match?.clusterName instanceof RegExp ? match.clusterName.source : match?.clusterName,
      },
    }));
    return (await this.#call<{ ids: number[] }>('POST', 'faults', { rules: wire })).ids;
  }

  /** The rules with something left. */
  async faults(): Promise<ActiveRule[]> {
    return (await this.#call<{ rules: ActiveRule[] }>('GET', 'faults')).rules;
  }

  async clearFaults(): Promise<void> {
    await this.#call('DELETE', 'faults');
  }

  /** Forgets everything, or the parts named. */
  async clear(...parts: Part[]): Promise<void> {
    await this.#call('POST', 'clear', parts.length === 0 ? {} : { parts });
  }

  /** The simulated time in milliseconds since the epoch. */
  async nowMs(): Promise<number> {
    return (await this.#call<{ nowMs: number }>('GET', 'clock')).nowMs;
  }

  /** Moves the simulated clock forward. @returns the new time */
  async advance(byMs: number): Promise<number> {
    return (await this.#call<{ nowMs: number }>('POST', 'clock/advance', { ms: byMs })).nowMs;
  }

  /** Puts a stranger's cluster there. */
  async seedCluster(cluster: z.input<typeof SeedCluster>): Promise<SimulatedCluster> {
    return (await this.#call<{ cluster: SimulatedCluster }>('POST', 'clusters', cluster)).cluster;
  }

  /** Removes a cluster out of band. */
  async vanish(cluster: VanishCluster): Promise<void> {
    await this.#call('POST', 'clusters/vanish', cluster);
  }

  /** Holds a cluster in a status. */
  async setStatus(to: SetStatus): Promise<void> {
    await this.#call('POST', 'clusters/status', to);
  }

  /** Takes nodes of a cluster out of service, or gives them back. */
  async setRunningNodes(to: SetRunningNodes): Promise<void> {
    await this.#call('POST', 'clusters/running-nodes', to);
  }

  /** Limits the nodes that creations can get; `nodes: null` lifts the limit. */
  async setCapacity(limit: SetLimit): Promise<void> {
    await this.#call('PUT', 'capacity', limit);
  }

  /** Limits the nodes that calls may ask for; `nodes: null` lifts the limit. */
  async setQuota(limit: SetLimit): Promise<void> {
    await this.#call('PUT', 'quotas', limit);
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.#base + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const reply = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(`The simulator refused ${method} ${path}: ${reply.error ?? response.statusText}`);
    return reply;
  }
}
