import type { z } from 'zod';
import type {
  SimulatedCluster,
  StatePart,
  SeedCluster,
  SetLimit,
  SetRunningNodes,
  SetStatus,
  VanishCluster,
} from './control-messages.ts';
import type { ActiveFaultRule, FaultRule } from './faults.ts';
import type { CallRecord } from './journal.ts';

/** A fault rule as tests write it: what has a default may be left out, and the name may be a regular expression. */
export type FaultRuleInput = Omit<z.input<typeof FaultRule>, 'match'> & {
  match?: { clusterName?: string | RegExp; region?: string };
};

/** The control API of one running simulator, typed. Each method rejects with the simulator's own message. */
export class SimulatorControl {
  readonly #base: string;

  /** @param url the simulator's URL, without a path */
  constructor(url: string) {
    this.#base = `${url.replace(/\/$/, '')}/_control/`;
  }

  /** Every call since the journal was last cleared, oldest first; all operations, or the one named. */
  async journal(operation?: string): Promise<CallRecord[]> {
    const query = operation === undefined ? '' : `?operation=${encodeURIComponent(operation)}`;
    return (await this.#call<{ calls: CallRecord[] }>('GET', `journal${query}`)).calls;
  }

  /** Every cluster that was ever created, oldest first; with `live`, only those that still exist. */
  async clusters(options: { live?: boolean } = {}): Promise<SimulatedCluster[]> {
    const query = options.live === true ? '?live=true' : '';
    return (await this.#call<{ clusters: SimulatedCluster[] }>('GET', `clusters${query}`)).clusters;
  }

  /** Adds fault rules behind those that are there. @returns the ids of the new rules */
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

  /** The rules that are not used up. */
  async faults(): Promise<ActiveFaultRule[]> {
    return (await this.#call<{ rules: ActiveFaultRule[] }>('GET', 'faults')).rules;
  }

  /** Removes all fault rules. */
  async clearFaults(): Promise<void> {
    await this.#call('DELETE', 'faults');
  }

  /** Clears the whole state, or only the parts named. */
  async clear(...parts: StatePart[]): Promise<void> {
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

  /** Puts a cluster of another owner into the account. */
  async seedCluster(cluster: z.input<typeof SeedCluster>): Promise<SimulatedCluster> {
    return (await this.#call<{ cluster: SimulatedCluster }>('POST', 'clusters', cluster)).cluster;
  }

  /** Removes a cluster at once, as if somebody else had done it. */
  async vanish(cluster: VanishCluster): Promise<void> {
    await this.#call('POST', 'clusters/vanish', cluster);
  }

  /** Makes a cluster show this status until it is deleted or set again. */
  async setStatus(to: SetStatus): Promise<void> {
    await this.#call('POST', 'clusters/status', to);
  }

  /** Takes nodes of a cluster down, or lets them run again. */
  async setRunningNodes(to: SetRunningNodes): Promise<void> {
    await this.#call('POST', 'clusters/running-nodes', to);
  }

  /** Limits the nodes that exist; `nodes: null` lifts the limit. */
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
