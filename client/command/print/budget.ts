import pc from 'picocolors';
import type { Budget, Budgets, Journal, JournalLine } from '../../../contracts/budgets.ts';
import { formatMicros } from '../../../contracts/money.ts';
import { columns } from '../../terminal/columns.ts';
import { formatTime } from '../../terminal/time.ts';

/** The current period of a budget, in UTC like the ledger's. */
const currentPeriod = ({ period }: Budget, nowMs: number): string =>
  period === 'total' ? 'total' : new Date(nowMs).toISOString().slice(0, 7);

const balanceOf = (budget: Budget, period: string): Budget['balances'][number] =>
  budget.balances.find((balance) => balance.period === period) ?? { period, heldMicros: 0, spentMicros: 0 };

const leftOf = (budget: Budget, nowMs: number): number => {
  const { heldMicros, spentMicros } = balanceOf(budget, currentPeriod(budget, nowMs));
  return budget.limitMicros - heldMicros - spentMicros;
};

const amount = (micros: number): string => (micros < 0 ? pc.red(formatMicros(micros)) : formatMicros(micros));

const limitText = ({ limitMicros, period }: Budget): string =>
  `${formatMicros(limitMicros)} ${period === 'month' ? 'a month' : 'in total'}`;

/** A team's limit, and what each period holds and spent. */
export function budgetText(budget: Budget, nowMs = Date.now()): string {
  const current = currentPeriod(budget, nowMs);
  const others = budget.balances.filter(({ period }) => period !== current);
  const rows = [balanceOf(budget, current), ...others].map(({ period, heldMicros, spentMicros }) => [
    period,
    formatMicros(heldMicros),
    formatMicros(spentMicros),
    period === current ? amount(leftOf(budget, nowMs)) : '',
  ]);
  return `${pc.bold(budget.team)}: ${limitText(budget)}\n${columns(['period', 'held', 'spent', 'left'], rows, [1, 2, 3])}`;
}

/** Every team's budget in its current period, one a line. */
export function budgetsText({ budgets, more }: Budgets, nowMs = Date.now()): string {
  if (budgets.length === 0) return pc.dim('No team has a budget. Set one: muster budget set <team> --limit <usd>');
  const rows = budgets.map((budget) => {
    const { heldMicros, spentMicros } = balanceOf(budget, currentPeriod(budget, nowMs));
    return [
      pc.bold(budget.team),
      limitText(budget),
      ...[heldMicros, spentMicros].map(formatMicros),
      amount(leftOf(budget, nowMs)),
    ];
  });
  const text = columns(['team', 'limit', 'held', 'spent', 'left'], rows, [1, 2, 3, 4]);
  return more ? `${text}\n${pc.dim('There are more teams: name a team to see its budget.')}` : text;
}

const KINDS: Readonly<Record<JournalLine['kind'], (text: string) => string>> = {
  limit: pc.cyan,
  hold: pc.yellow,
  release: pc.green,
  spend: pc.magenta,
  overrun: pc.red,
};

/** Lines of a journal, newest first, with the command that shows older ones. */
export function journalText({ team, lines, next }: Journal): string {
  if (lines.length === 0) return pc.dim(`No older lines in the journal of ${team}.`);
  const rows = lines.map((line) => [
    pc.dim(String(line.id)),
    formatTime(line.atMs),
    line.period,
    KINDS[line.kind](line.kind),
    formatMicros(line.amountMicros),
    line.requestId ?? '',
    line.reason,
    line.who,
    line.key ?? '',
  ]);
  const text = columns(['line', 'time', 'period', 'kind', 'amount', 'request', 'reason', 'who', 'key'], rows, [0, 4]);
  return next === null ? text : `${text}\n${pc.dim(`Older lines: muster budget journal ${team} --before ${next}`)}`;
}
