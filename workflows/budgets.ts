import type { Budget, BudgetOrder, Budgets } from '../contracts/activities.ts';
import type { Journal, JournalOrder } from '../contracts/reports.ts';
import { ledger } from './activity-options.ts';
import { asApplicationFailure, failureOf } from './failures.ts';

/** Sets a team's limit. What is held or spent already stays; a lower limit only stops new holds. */
export async function setBudget(order: BudgetOrder): Promise<Budget> {
  return ledger('Set the limit').setBudget(order);
}

/** A team's limit and balances; fails with InvalidRequest for a team without a budget. */
export async function showBudget(order: { readonly team: string }): Promise<Budget> {
  try {
    return await ledger('Read the budget').budget(order);
  } catch (error) {
    throw asApplicationFailure(failureOf(error));
  }
}

/** Every team's budget. */
export async function listBudgets(): Promise<Budgets> {
  return ledger('Read every budget').budgets();
}

/** Lines of a team's journal, newest first; fails with InvalidRequest for a team without a budget. */
export async function showJournal(order: JournalOrder): Promise<Journal> {
  try {
    return await ledger('Read the journal').journal(order);
  } catch (error) {
    throw asApplicationFailure(failureOf(error));
  }
}

/** Every disagreement inside the ledger, a sentence each. */
export async function auditLedger(): Promise<readonly string[]> {
  return ledger('Audit the ledger').audit();
}
