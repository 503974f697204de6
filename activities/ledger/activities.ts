import type { LedgerActivities } from '../../contracts/activities.ts';
import type { Answer } from '../../contracts/creation.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { asRetried, failure } from '../failures.ts';
import { guarded } from '../guard.ts';
import { idleOwners } from './idle-owners.ts';
import { leaseSteps } from './lease-steps.ts';
import type { Ledger } from './ledger.ts';
import type { Owners } from './owners.ts';

/** The ledger's activities. Each passes one call on; those that end a run add the request's creations. */
export function ledgerActivities(ledger: Ledger, owners: Owners): LedgerActivities {
  const withCreations = async <A extends Answer>(requestId: string, answer: A): Promise<A> => ({
    ...answer,
    ...(await ledger.receiptOf(requestId)),
  });
  const budget: LedgerActivities['budget'] = async ({ team }) => {
    const found = await ledger.budgetOf(team);
    if (found === null) throw noBudget(team);
    return found;
  };
  return guarded<LedgerActivities>(
    {
      openCreation: async (input) => {
        const answer = await ledger.openCreation(input);
        if (answer.outcome === 'conflict') {
          const message = `request "${input.requestId}" was registered before with another body; an id stands for one body for ever, choose a new one`;
          throw failure('RequestConflict', message);
        }
        return answer;
      },
      refuse: ({ key, attempt, failure: why }) => ledger.refuse(key, attempt, why, 'request'),
      beginClosing: ({ key, caller, epoch, why, message }) => ledger.beginClosing(key, caller, epoch, why, message),
      settle: ({ key, proof }) => ledger.settle(key, proof, 'settlement'),
      lease: async ({ key, requestId, number, clusterId }) => {
        const answer = await ledger.lease(key, leaseWorkflowId(requestId, number), clusterId);
        // Also when this is a second try of a step whose first one wrote the row and then crashed.
        if (answer.outcome === 'leased' && answer.creation) await owners.startLease(answer.creation);
        return withCreations(requestId, answer);
      },
      endRequest: async ({ requestId, outcome }) =>
        withCreations(requestId, await ledger.endRequest(requestId, outcome)),
      recordCancel: ({ requestId, cancelId, who, why }) => ledger.recordCancel(requestId, cancelId, who, why),
      standing: async ({ requestId, key }) => {
        const answer = await ledger.standing(requestId);
        if (key === undefined) return withCreations(requestId, answer);
        const creation = await ledger.creation(key);
        return { ...answer, creations: creation === null ? [] : [creation] };
      },
      cancelWorkflow: ({ requestId }) => owners.cancelRequest(requestId),
      startCleanup: ({ creation }) => owners.startCleanup(creation),
      ...leaseSteps(ledger, owners),
      setBudget: async (input) => {
        await ledger.setBudget(input.team, input.period, input.limitMicros, input.who);
        return budget(input);
      },
      budget,
      audit: () => ledger.audit(),
      requestReport: ({ requestId }) => ledger.reports.request(requestId),
      budgets: () => ledger.reports.budgets(),
      journal: async (order) => {
        const found = await ledger.reports.journal(order);
        if (found === null) throw noBudget(order.team);
        return found;
      },
      clusters: (order) => ledger.reports.clusters(order),
      places: () => ledger.reports.places(),
      checkLedger: () => ledger.check(),
      auditOwners: () => idleOwners(ledger, owners),
      trace: ({ key, clusterId }) => owners.trace(key, clusterId),
      restore: (trace) => ledger.restore(trace, 'restore'),
    },
    asRetried,
  );
}

const noBudget = (team: string): Error =>
  failure('InvalidRequest', `team "${team}" has no budget; set one: muster budget set ${team} --limit 1000`);
