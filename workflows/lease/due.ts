import { FUND_AHEAD_MS, FUND_RETRY_MS, LEASE_WARNINGS_MS } from '../../contracts/limits.ts';
import { isBroken, isOpenEnded, isOverdue, isLedgerBehind, type Act, type LeaseState } from './state.ts';

/** A row that was seen less than this ago is taken to be there, where nothing but that is asked, ms (policy). */
const ROW_SURE_MS = 60_000;

/** Something to be done, and when. */
interface Entry {
  readonly atMs: number;
  readonly act: Exclude<Act, { do: 'wait' }>;
}

/** What a lease does now: the first thing on its agenda that is due, or waiting for the earliest one. */
export function due(life: LeaseState, nowMs: number): Act {
  const entries = agenda(life, nowMs);
  const first = entries.find(({ atMs }) => atMs <= nowMs);
  return first?.act ?? { do: 'wait', untilMs: Math.min(...entries.map(({ atMs }) => atMs)) };
}

/** What comes first here goes first, where several things are due. */
function agenda(life: LeaseState, nowMs: number): readonly Entry[] {
  const read: readonly Entry[] = life.readAtMs === null ? [] : [{ atMs: life.readAtMs, act: { do: 'read' } }];
  const { look, move } = life;
  // Without its row nothing can be closed, held or judged: it keeps what it owns, and asks again.
  if (!life.inLedger) return [...read, ...rest(life)];
  return [
    ...read,
    ...ending(life, nowMs),
    ...warning(life),
    ...funding(life, nowMs),
    ...(move.atMs === null || move.underWay || life.creation.condition === 'gone'
      ? []
      : [{ atMs: move.atMs, act: { do: 'move' } } as const]),
    ...(look.underWay ? [] : [{ atMs: look.atMs, act: { do: 'look' } } as const]),
    ...rest(life),
  ];
}

/**
 * Whatever closes it, at once or at its end. The row is read first, unless that was done: without it nothing can be
 * closed, and where time or money is over the ledger may know of more than this run does, say after a reset.
 */
function ending(life: LeaseState, nowMs: number): readonly Entry[] {
  const { creation, order, terms } = life;
  const close = (
    why: (Act & { do: 'close' })['why'],
    message: string,
    { atMs = 0, seenFromMs = nowMs - ROW_SURE_MS } = {},
  ): readonly Entry[] => [
    { atMs, act: life.rowSeenAtMs >= seenFromMs ? { do: 'close', why, message } : { do: 'read' } },
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
      ? close('Unfunded', 'its funded time is over, and the budget has no room for more', {
          seenFromMs: life.refusedAtMs ?? 0,
        })
      : [];
  }
  // An extension that is on its way to the ledger may yet move the end.
  if (life.extending > 0) return [];
  return close('LeaseEnded', 'its time is over', { atMs: life.promisedUntilMs, seenFromMs: life.promisedUntilMs });
}

function warning(life: LeaseState): readonly Entry[] {
  if (isOpenEnded(life)) return [];
  return LEASE_WARNINGS_MS.map((aheadMs) => ({
    atMs: life.promisedUntilMs - aheadMs,
    act: { do: 'warn', aheadMs } as const,
  }))
    .filter(({ atMs }) => atMs > life.warned.untilMs)
    .sort((a, b) => a.atMs - b.atMs)
    .slice(0, 1);
}

/**
 * What its row lacks of what is owed: at once. The next slice: ahead of time. Either again and again where it is refused;
 * a slice once exactly at the end too. One that has failed costs as before; one that is gone costs nothing.
 */
function funding(life: LeaseState, nowMs: number): readonly Entry[] {
  if (life.creation.condition === 'gone') return [];
  const { refusedAtMs, terms, promisedUntilMs: endMs } = life;
  const isOwedMore = isLedgerBehind(life) && nowMs < endMs;
  if (!isOpenEnded(life) && !isOwedMore) return [];
  const aheadMs = Math.min(FUND_AHEAD_MS, terms.sliceMs / 4);
  const retryMs = Math.min(FUND_RETRY_MS, aheadMs);
  // Time that passed unfunded is paid for too: the hold reaches from the row's end to the new one.
  const act = { do: 'fund', untilMs: isOwedMore ? endMs : Math.max(endMs, nowMs) + terms.sliceMs } as const;
  if (refusedAtMs === null) return [{ atMs: isOwedMore ? 0 : endMs - aheadMs, act }];
  return [{ atMs: refusedAtMs < endMs ? Math.min(refusedAtMs + retryMs, endMs) : refusedAtMs + retryMs, act }];
}

/** Extensions are answered by the run that took them. */
const rest = ({ nextRunAtMs, extending }: LeaseState): readonly Entry[] =>
  extending === 0 ? [{ atMs: nextRunAtMs, act: { do: 'rest' } }] : [];
