import { z } from 'zod';
import { Ms } from './durations.ts';

const When = z.enum(['before', 'after']).default('before');

/**
 * What can happen to a call on its way. `when` says on which side of the effect; times are real milliseconds,
 * except for `late-cluster`, which waits on the simulated clock.
 */
export const TransportFault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('error'),
    when: When,
    type: z.string(),
    message: z.string().default('Scripted by a fault rule.'),
    status: z.int().min(400).max(599).default(400),
  }),
  /** Refused before the effect; with a hint the reply carries Retry-After. */
  z.strictObject({
    kind: z.literal('throttle'),
    retryAfterSeconds: z.int().positive().optional(),
    status: z.int().min(400).max(599).default(400),
  }),
  /** No answer until the caller gives up, or until the socket is cut after `forMs`. */
  z.strictObject({ kind: z.literal('hang'), when: When, forMs: Ms.optional() }),
  z.strictObject({ kind: z.literal('reset'), when: When }),
  /** The effect happens; half of the reply's body arrives, under its status. */
  z.strictObject({ kind: z.literal('truncate') }),
  /** A page of HTML as proxies and load balancers send. */
  z.strictObject({ kind: z.literal('html'), when: When, status: z.int().min(500).max(599).default(503) }),
  /** The effect happens; the reply is 200 with `{}`. */
  z.strictObject({ kind: z.literal('empty') }),
  /** The connection is reset now, and the effect happens `afterMs` later. */
  z.strictObject({ kind: z.literal('late-cluster'), afterMs: Ms }),
  z.strictObject({ kind: z.literal('delay'), when: z.enum(['before', 'after']).default('after'), ms: Ms }),
  /** The effect is applied twice; the caller sees the first result. */
  z.strictObject({ kind: z.literal('duplicate') }),
]);
export type TransportFault = z.infer<typeof TransportFault>;

/** What becomes of a creation that was accepted. Times are simulated milliseconds, not shortened by the speed factor. */
export const ClusterFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('no-capacity') }),
  z.strictObject({ kind: z.literal('partial-capacity'), nodes: z.int().nonnegative() }),
  z.strictObject({ kind: z.literal('fails'), message: z.string().optional() }),
  z.strictObject({ kind: z.literal('slow'), extraMs: Ms }),
  z.strictObject({ kind: z.literal('never-ready') }),
  z.strictObject({ kind: z.literal('delete-stuck') }),
  /** Removed out of band, `afterMs` after its birth. */
  z.strictObject({ kind: z.literal('vanish'), afterMs: Ms }),
]);
export type ClusterFault = z.infer<typeof ClusterFault>;

export const Fault = z.union([TransportFault, ClusterFault]);
export type Fault = z.infer<typeof Fault>;

/** A fault and the calls it meets. Of several rules that match, the oldest with something left is taken. */
export const FaultRule = z.strictObject({
  /** The operation's name on the wire, or `*`. */
  operation: z.string(),
  match: z
    .strictObject({
      /** A regular expression; calls that name no cluster do not match. */
      clusterName: z.string().refine(isRegularExpression, 'is not a regular expression').optional(),
      region: z.string().optional(),
    })
    .default({}),
  /** How many matching calls to let through first. */
  skip: z.int().nonnegative().default(0),
  times: z.union([z.int().positive(), z.literal('always')]).default(1),
  fault: Fault,
});
export type FaultRule = z.infer<typeof FaultRule>;

/** A rule in force, with what is left of it. */
export const ActiveRule = FaultRule.extend({ id: z.int() });
export type ActiveRule = z.infer<typeof ActiveRule>;

/** The call a rule is held against. */
export interface FaultSubject {
  readonly operation: string;
  readonly region: string;
  readonly clusterName: string | undefined;
}

/** The script of faults: rules wait here until calls use them up. */
export class FaultBook {
  #rules: ActiveRule[];
  #lastId: number;

  constructor(rules: readonly ActiveRule[] = []) {
    this.#rules = [...rules];
    this.#lastId = Math.max(0, ...rules.map((rule) => rule.id));
  }

  get rules(): readonly ActiveRule[] {
    return this.#rules;
  }

  /** @returns the ids of the rules, in order */
  add(rules: readonly FaultRule[]): number[] {
    return rules.map((rule) => {
      this.#lastId += 1;
      this.#rules.push({ ...rule, id: this.#lastId });
      return this.#lastId;
    });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault this call meets on its way, if any; uses up one of the rule's times. */
  takeTransportFault(subject: FaultSubject): TransportFault | undefined {
    return this.#take(subject, (fault) => TransportFault.safeParse(fault).data);
  }

  /** What becomes of the creation. Asked only at a real birth, so a refused call does not use the rule up. */
  takeClusterFault(subject: FaultSubject): ClusterFault | undefined {
    return this.#take(subject, (fault) => ClusterFault.safeParse(fault).data);
  }

  #take<F>(subject: FaultSubject, narrow: (fault: Fault) => F | undefined): F | undefined {
    for (const rule of this.#rules) {
      const fault = narrow(rule.fault);
      if (fault === undefined || !matches(rule, subject)) continue;
      if (rule.skip > 0) {
        this.#replace(rule, { ...rule, skip: rule.skip - 1 });
        continue;
      }
      if (rule.times === 1) this.#rules = this.#rules.filter((other) => other.id !== rule.id);
      else if (rule.times !== 'always') this.#replace(rule, { ...rule, times: rule.times - 1 });
      return fault;
    }
    return undefined;
  }

  #replace(rule: ActiveRule, by: ActiveRule): void {
    this.#rules = this.#rules.map((other) => (other.id === rule.id ? by : other));
  }
}

function matches(rule: FaultRule, subject: FaultSubject): boolean {
  const { clusterName, region } = rule.match;
  if (rule.operation !== '*' && rule.operation !== subject.operation) return false;
  if (region !== undefined && region !== subject.region) return false;
  if (clusterName === undefined) return true;
  return subject.clusterName !== undefined && new RegExp(clusterName).test(subject.clusterName);
}

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
