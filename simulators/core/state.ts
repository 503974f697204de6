import { z } from 'zod';
import { SetLimit, type StatePart } from './control-messages.ts';
import { ActiveFaultRule } from './faults.ts';

/** A call of an operation. Each provider adds its parameters. */
export const CommonCall = z.object({ operation: z.string(), requestId: z.string() });
export type CommonCall = z.infer<typeof CommonCall>;

/** A call that waits until a time, simulated milliseconds since the epoch. */
export type Deferred<Call extends CommonCall> = Call & { dueAtMs: number };

/** The state on disk, in the part that all providers share. Each adds its deferred calls and its clusters. */
export const CommonState = z.object({
  version: z.literal(1),
  advancedMs: z.number(),
  rules: z.array(ActiveFaultRule),
  /** Limits that the control API has set. They override the options of the process. */
  capacity: z.array(SetLimit),
  quotas: z.array(SetLimit),
});
export type CommonState = z.infer<typeof CommonState>;

/** The part of a state that the account keeps. The clock and the fault rules keep the rest. */
export type AccountData<State extends CommonState> = Omit<State, 'version' | 'advancedMs' | 'rules'>;

/** The common part of the state of a new account. */
export function emptyCommonState() {
  return { version: 1 as const, advancedMs: 0, rules: [], capacity: [], quotas: [], deferred: [] };
}

/** Builds a provider's account from the state on disk; undefined stands for a new account. */
export type OpenAccount<Account> = (saved: unknown) => { readonly state: CommonState; readonly account: Account };

/** How to open a provider's account. The opener throws for anything but a state of this provider. */
export function accountOpener<State extends CommonState, Account>(
  schema: { parse(saved: unknown): State },
  empty: () => State,
  Account: new (state: State) => Account,
): OpenAccount<Account> {
  return (saved) => {
    const state = saved === undefined ? empty() : schema.parse(saved);
    return { state, account: new Account(state) };
  };
}

/** Whether a cluster, gone or live, stays when these parts of the state are cleared. */
export function survivesClear(parts: ReadonlySet<StatePart>, gone: boolean): boolean {
  return gone ? !parts.has('gone-clusters') : !parts.has('live-clusters');
}
