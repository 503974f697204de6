import { z } from 'zod';
import { Ms } from './durations.ts';

const When = z.enum(['before', 'after']).default('before');

/**
 * What happens to a call on its way. `when` says whether it happens before or after the effect. Times are real
 * milliseconds; only `late-cluster` waits on the simulated clock.
 */
export const TransportFault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('error'),
    when: When,
    type: z.string(),
    message: z.string().default('Scripted by a fault rule.'),
    status: z.int().min(400).max(599).default(400),
  }),
  /** A refusal before the effect. With a hint, the reply carries it in the provider's own header. */
  z.strictObject({
    kind: z.literal('throttle'),
    retryAfterSeconds: z.int().positive().optional(),
    status: z.int().min(400).max(599).default(400),
  }),
  /** No answer until the caller gives up, or until the connection is reset after `forMs`. */
  z.strictObject({ kind: z.literal('hang'), when: When, forMs: Ms.optional() }),
  z.strictObject({ kind: z.literal('reset'), when: When }),
  /** The effect happens; half of the reply's body arrives, with its status. */
  z.strictObject({ kind: z.literal('truncate') }),
  /** A page of HTML, as proxies and load balancers send. */
  z.strictObject({ kind: z.literal('html'), when: When, status: z.int().min(500).max(599).default(503) }),
  /** The effect happens; the reply is 200 with `{}`. */
  z.strictObject({ kind: z.literal('empty') }),
  /** The connection is reset now, and the effect happens `afterMs` later. */
  z.strictObject({ kind: z.literal('late-cluster'), afterMs: Ms }),
  z.strictObject({ kind: z.literal('delay'), when: z.enum(['before', 'after']).default('after'), ms: Ms }),
  /** The effect happens twice; the caller gets the first result. */
  z.strictObject({ kind: z.literal('duplicate') }),
]);
export type TransportFault = z.infer<typeof TransportFault>;

/**
 * What goes wrong with a cluster whose creation was accepted. Times are simulated milliseconds, which the speed does not
 * divide.
 */
export const ClusterFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('no-capacity') }),
  z.strictObject({ kind: z.literal('partial-capacity'), nodes: z.int().nonnegative() }),
  z.strictObject({ kind: z.literal('fails'), message: z.string().optional() }),
  z.strictObject({ kind: z.literal('slow'), extraMs: Ms }),
  z.strictObject({ kind: z.literal('never-ready') }),
  z.strictObject({ kind: z.literal('delete-stuck') }),
  /** It disappears `afterMs` after its creation, as if somebody else had removed it. */
  z.strictObject({ kind: z.literal('vanish'), afterMs: Ms }),
]);
export type ClusterFault = z.infer<typeof ClusterFault>;

export const Fault = z.union([TransportFault, ClusterFault]);
export type Fault = z.infer<typeof Fault>;

/** A fault and the calls that meet it. A call that several rules match meets the fault of the oldest one. */
export const FaultRule = z.strictObject({
  /** The operation's name on the wire, or `*`. */
  operation: z.string(),
  match: z
    .strictObject({
      /** A regular expression. A call that names no cluster does not match. */
      clusterName: z.string().refine(isRegularExpression, 'is not a regular expression').optional(),
      region: z.string().optional(),
    })
    .default({}),
  /** How many matching calls pass first. */
  skip: z.int().nonnegative().default(0),
  times: z.union([z.int().positive(), z.literal('always')]).default(1),
  fault: Fault,
});
export type FaultRule = z.infer<typeof FaultRule>;

/** A rule that is not used up; `skip` and `times` say what is left of it. */
export const ActiveFaultRule = FaultRule.extend({ id: z.int() });
export type ActiveFaultRule = z.infer<typeof ActiveFaultRule>;

/** What rules match: a call and the cluster that it is about. */
export interface FaultTarget {
  readonly operation: string;
  readonly region: string;
  readonly clusterName: string | undefined;
}

/** The fault rules of a simulator. Each stays until calls have used it up. */
export class FaultRules {
  #rules: ActiveFaultRule[];
  #lastId: number;

  constructor(rules: readonly ActiveFaultRule[] = []) {
    this.#rules = [...rules];
    this.#lastId = Math.max(0, ...rules.map((rule) => rule.id));
  }

  get rules(): readonly ActiveFaultRule[] {
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

  /** The fault that this call meets on its way, if any. Uses up one of the rule's times. */
  takeTransportFault(target: FaultTarget): TransportFault | undefined {
    return this.#take(target, (fault) => TransportFault.safeParse(fault).data);
  }

  /** The fault of a cluster that is really created, if any. A refused call does not ask, so it uses no rule up. */
  takeClusterFault(target: FaultTarget): ClusterFault | undefined {
    return this.#take(target, (fault) => ClusterFault.safeParse(fault).data);
  }

  #take<F>(target: FaultTarget, narrow: (fault: Fault) => F | undefined): F | undefined {
    for (const rule of this.#rules) {
      const fault = narrow(rule.fault);
      if (fault === undefined || !matches(rule, target)) continue;
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

  #replace(rule: ActiveFaultRule, by: ActiveFaultRule): void {
    this.#rules = this.#rules.map((other) => (other.id === rule.id ? by : other));
  }
}

function matches(rule: FaultRule, target: FaultTarget): boolean {
  const { clusterName, region } = rule.match;
  if (rule.operation !== '*' && rule.operation !== target.operation) return false;
  if (region !== undefined && region !== target.region) return false;
  if (clusterName === undefined) return true;
  return target.clusterName !== undefined && new RegExp(clusterName).test(target.clusterName);
}

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

/** When a cluster with this fault disappears, as a property; none where it does not. */
export function goneAtMsOf(fault: ClusterFault | undefined, createdAtMs: number): { goneAtMs?: number } {
  return fault?.kind === 'vanish' ? { goneAtMs: createdAtMs + fault.afterMs } : {};
}
