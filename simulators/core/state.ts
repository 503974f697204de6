import { z } from 'zod';
import { SetLimit, type Part } from './control-messages.ts';
import { ActiveRule } from './faults.ts';

/** A call whose effect comes later than its connection ended; each provider adds what its calls are made of. */
export const Deferred = z.object({ dueAtMs: z.number(), operation: z.string(), requestId: z.string() });
export type Deferred = z.infer<typeof Deferred>;

/** What the state on disk holds at every provider; each adds its deferred calls and its things. */
export const CommonState = z.object({
  version: z.literal(1),
  advancedMs: z.number(),
  rules: z.array(ActiveRule),
  /** What the control API has set; it goes over the options of the process. */
  capacity: z.array(SetLimit),
  quotas: z.array(SetLimit),
});
export type CommonState = z.infer<typeof CommonState>;

/** The part of a state that the account keeps; the clock and the fault book keep the rest. */
export type AccountPart<S extends CommonState> = Omit<S, 'version' | 'advancedMs' | 'rules'>;

/** The common part of a state in which nothing has happened yet. */
export function emptyCommonState() {
  return { version: 1 as const, advancedMs: 0, rules: [], capacity: [], quotas: [], deferred: [] };
}

/** Brings an account from what was on disk; undefined stands for nothing. */
export type OpenAccount<A> = (saved: unknown) => { readonly state: CommonState; readonly account: A };

/** The way to open a provider's account, which throws for anything but a state of this provider. */
export function openerOf<S extends CommonState, A>(
  schema: { parse(saved: unknown): S },
  empty: () => S,
  Account: new (state: S) => A,
): OpenAccount<A> {
  return (saved) => {
    const state = saved === undefined ? empty() : schema.parse(saved);
    return { state, account: new Account(state) };
  };
}

/** Whether a thing stays when these parts are forgotten: `births` is what has gone, `clusters` what lives. */
export function stays(parts: ReadonlySet<Part>, gone: boolean): boolean {
  return gone ? !parts.has('gone-clusters') : !parts.has('live-clusters');
}
