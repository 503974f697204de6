import { FUND_AHEAD_MS, FUND_RETRY_MS, LEASE_WARNINGS_MS } from '../../contracts/limits.ts';
import { fundedUntilMs, isBroken, isOpenEnded, isOverdue, type Act, type Life } from './state.ts';

/** Something to be done, and when. */
interface Entry {
  readonly atMs: number;
  readonly act: Exclude<Act, { do: 'wait' }>;
}

/** What a lease does now: the first thing on its agenda that is due, or waiting for the earliest one. */
export function due(life: Life, nowMs: number): Act {
  const entries = agenda(life, nowMs);
  const first = entries.find(({ atMs }) => atMs <= nowMs);
  return first?.act ?? { do: 'wait', untilMs: Math.min(...entries.map(({ atMs }) => atMs)) };
}

/** What comes first here goes first, where several things are due. */
function agenda(life: Life, nowMs: number): readonly Entry[] {
  const read: readonly Entry[] = life.readAtMs === null ? [] : [{ atMs: life.readAtMs, act: { do: 'read' } }];
  const { look, move } = life;
  // Without its row nothing can be closed, held or judged: it keeps what it owns, and asks again.
  if (!life.inLedger) return [...read, ...rest(life)];
  return [
    ...read,
    ...ending(life),
    ...warning(life),
    ...funding(life, nowMs),
    ...(move.atMs === null || move.underWay || life.creation.condition === 'gone'
      ? []
      : [{ atMs: move.atMs, act: { do: 'move' } } as const]),
    ...(look.underWay ? [] : [{ atMs: look.atMs, act: { do: 'look' } } as const]),
    ...rest(life),
  ];
}

/** Whatever closes it, at once or at its end. */
function ending(life: Life): readonly Entry[] {
  const { creation, order, terms } = life;
  const close = (why: (Act & { do: 'close' })['why'], message: string, atMs = 0): readonly Entry[] => [
    { atMs, act: { do: 'close', why, message } },
  ];
  if (creation.state !== 'leased') return close('Released', 'an earlier run began to release it');
  if (order !== null) return close('Released', `released by ${order.who}${order.why && `: ${order.why}`}`);
  if (isBroken(life) && terms.onBroken !== 'park') {
    const what = creation.condition === 'gone' ? 'has vanished' : 'has failed';
    return close('Broken', `the cluster ${what}: ${creation.conditionText ?? ''}`);
  }
  if (isOpenEnded(life)) {
    // Looks at the funded time and not at the clock: an answer that came in time for it counts.
    return isOverdue(life) && terms.onUnfunded === 'release'
      ? close('Unfunded', 'its funded time is over, and the budget has no room for more')
      : [];
  }
  // An extension that is on its way to the ledger may yet move the end.
  return life.extending > 0 ? [] : close('LeaseEnded', 'its time is over', fundedUntilMs(life));
}

function warning(life: Life): readonly Entry[] {
  if (isOpenEnded(life)) return [];
  return LEASE_WARNINGS_MS.map((aheadMs) => ({
    atMs: fundedUntilMs(life) - aheadMs,
    act: { do: 'warn', aheadMs } as const,
  }))
    .filter(({ atMs }) => atMs > life.warned.untilMs)
    .sort((a, b) => a.atMs - b.atMs)
    .slice(0, 1);
}

/** The next slice: ahead of time, then again and again, and once exactly at the end. None for a cluster that is broken. */
function funding(life: Life, nowMs: number): readonly Entry[] {
  if (!isOpenEnded(life) || isBroken(life)) return [];
  const { refusedAtMs, terms } = life;
  const endMs = fundedUntilMs(life);
  const aheadMs = Math.min(FUND_AHEAD_MS, terms.sliceMs / 4);
  const retryMs = Math.min(FUND_RETRY_MS, aheadMs);
  // Time that passed unfunded is paid for too: the hold reaches from the old end to the new one.
  const act = { do: 'fund', untilMs: Math.max(endMs, nowMs) + terms.sliceMs } as const;
  if (refusedAtMs === null) return [{ atMs: endMs - aheadMs, act }];
  return [{ atMs: refusedAtMs < endMs ? Math.min(refusedAtMs + retryMs, endMs) : refusedAtMs + retryMs, act }];
}

/** A new run holds nothing that is only in this one's memory. */
const rest = ({ restAtMs, order, extending }: Life): readonly Entry[] =>
  order === null && extending === 0 ? [{ atMs: restAtMs, act: { do: 'rest' } }] : [];
