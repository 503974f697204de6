import type { Budget, Budgets } from '../contracts/activities.ts';
import type { Journal, JournalOrder } from '../contracts/reports.ts';
import { Team } from '../contracts/request.ts';
import { MusterError, NotFoundError } from './errors.ts';
import { failureOfShort } from './workflow-failures.ts';
import type { RunShort } from './short-workflows.ts';

/** Teams' money, for code. */
export interface BudgetOrders {
  /** @throws NotFoundError for a team without a budget */
  budget(team: string): Promise<Budget>;
  /** Every team's budget. */
  budgets(): Promise<Budgets>;
  /** A team's movements of money, newest first. @throws NotFoundError for a team without a budget */
  journal(order: JournalOrder): Promise<Journal>;
  /**
   * Sets a team's limit, micro-dollars; what is held or spent already stays.
   * @throws InvalidBudgetError for a team that no request can name, or an amount that is none
   */
  setBudget(
    team: string,
    period: 'total' | 'month',
    limitMicros: number,
    options?: { readonly who?: string },
  ): Promise<Budget>;
}

/** A budget that cannot be. */
export class InvalidBudgetError extends MusterError {
  override readonly name = 'InvalidBudgetError';
}

export function budgetOrders(run: RunShort): BudgetOrders {
  return {
    budget: (team) => orNotFound(team, run('showBudget', team, [{ team }])),
    budgets: () => run('listBudgets', 'teams', []),
    journal: (order) => orNotFound(order.team, run('showJournal', order.team, [order])),
    setBudget: async (team, period, limitMicros, { who = 'client' } = {}) => {
      const parsed = Team.safeParse(team);
      if (!parsed.success) {
        const rule = parsed.error.issues[0]?.message ?? 'is none';
        throw new InvalidBudgetError('invalid', `team: "${team}" ${rule}`, 'Name the team as its requests do.');
      }
      if (!Number.isSafeInteger(limitMicros) || limitMicros < 0) {
        throw new InvalidBudgetError(
          'invalid',
          `limitMicros: ${limitMicros} must be a whole number of micro-dollars, 0 or more`,
          'A USD is 1 000 000 micro-dollars.',
        );
      }
      return run('setBudget', team, [{ team, period, limitMicros, who }]);
    },
  };
}

/** The ledger answers InvalidRequest for a team without a budget. */
async function orNotFound<T>(team: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (failureOfShort(error)?.type !== 'InvalidRequest') throw error;
    const next = `muster budget set ${team} --limit 1000`;
    throw new NotFoundError('invalid', `team "${team}" has no budget`, 'Set one, here of 1000 USD.', { next });
  }
}
