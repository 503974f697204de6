import type { Budget, Budgets, Journal, JournalQuery } from '../contracts/budgets.ts';
import { Team } from '../contracts/request.ts';
import { MusterError } from './errors.ts';
import type { RunOperation } from './operations.ts';

/** Budgets of teams, for code. All of them throw UnreachableError. */
export interface BudgetOperations {
  /** @throws NotFoundError for a team without a budget */
  budget(team: string): Promise<Budget>;
  /** Every team's budget. */
  budgets(): Promise<Budgets>;
  /** A team's movements of money, newest first. @throws NotFoundError for a team without a budget */
  journal(query: JournalQuery): Promise<Journal>;
  /**
   * Sets a team's limit, micro-dollars; what is held or spent already stays.
   * @throws InvalidBudgetError for a name that no team can have, or an amount that is not a whole number, 0 or more
   */
  setBudget(
    team: string,
    period: 'total' | 'month',
    limitMicros: number,
    options?: { readonly who?: string },
  ): Promise<Budget>;
}

/** A team's name or its limit breaks the rules. */
export class InvalidBudgetError extends MusterError {
  override readonly name = 'InvalidBudgetError';
}

export function budgetOperations(run: RunOperation): BudgetOperations {
  return {
    budget: (team) => run('readBudget', team, { team }),
    budgets: () => run('listBudgets', 'teams', undefined),
    journal: (query) => run('readJournal', query.team, query),
    setBudget: async (team, period, limitMicros, { who = 'client' } = {}) => {
      const parsed = Team.safeParse(team);
      if (!parsed.success) {
        const rule = parsed.error.issues[0]?.message ?? 'is not valid';
        throw new InvalidBudgetError('invalid', `team: "${team}" ${rule}`, 'Name the team as its requests do.');
      }
      if (!Number.isSafeInteger(limitMicros) || limitMicros < 0) {
        throw new InvalidBudgetError(
          'invalid',
          `limitMicros: ${limitMicros} must be a whole number of micro-dollars, 0 or more`,
          'A USD is 1 000 000 micro-dollars.',
        );
      }
      return run('setBudget', team, { team, period, limitMicros, who });
    },
  };
}
