import type { LedgerActivities } from '../../contracts/activities.ts';
import type { Answer, ListedCreations } from '../../contracts/creation.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { toRetryableFailure, failure } from '../failures.ts';
import { withTypedFailures } from '../typed-failures.ts';
import { idleOwners } from './idle-owners.ts';
import { leaseSteps } from './lease-steps.ts';
import type { Ledger } from './ledger.ts';
import type { OwnerWorkflows } from '../temporal/owner-workflows.ts';

/** The ledger's activities. Most are one call of the ledger. Those that end a run add the request's creations. */
export function ledgerActivities(ledger: Ledger, owners: OwnerWorkflows): LedgerActivities {
  const withCreations = async <A extends Answer>(requestId: string, answer: A): Promise<A & ListedCreations> => ({
    ...answer,
    ...(await ledger.receipt(requestId)),
  });
  return withTypedFailures<LedgerActivities>(
    {
      openCreation: async (input) => {
        const answer = await ledger.openCreation(input);
        if (answer.outcome === 'conflict') {
          const message = `request "${input.requestId}" is registered with another body. An id has one body for ever: choose a new id`;
          throw failure('RequestConflict', message);
        }
        return answer;
      },
      refuse: ({ key, attempt, failure: why }) => ledger.refuse(key, attempt, why, 'request'),
      beginClosing: ({ key, caller, epoch, why, message }) => ledger.beginClosing(key, caller, epoch, why, message),
      settle: ({ key, proof }) => ledger.settle(key, proof, 'settlement'),
      lease: async ({ key, requestId, number, clusterId }) => {
        const answer = await ledger.lease(key, leaseWorkflowId(requestId, number), clusterId);
        // Also at a second try, when the first has written the row and then crashed.
        if (answer.outcome === 'leased' && answer.creation) await owners.startLease(answer.creation);
        return withCreations(requestId, answer);
      },
      endRequest: async ({ requestId, outcome }) =>
        withCreations(requestId, await ledger.endRequest(requestId, outcome)),
      recordCancel: ({ requestId, cancelId, who, why }) => ledger.recordCancel(requestId, cancelId, who, why),
      readRequest: async ({ requestId }) => withCreations(requestId, await ledger.readRequest(requestId)),
      readCreation: ({ key }) => ledger.creation(key),
      cancelWorkflow: ({ requestId }) => owners.sendCancel(requestId),
      startCleanup: ({ creation }) => owners.startCleanup(creation),
      ...leaseSteps(ledger, owners),
      ...ledger.reports,
      setBudget: async (input) => {
        await ledger.setBudget(input.team, input.period, input.limitMicros, input.who);
        return ledger.reports.readBudget(input);
      },
      auditLedger: () => ledger.audit(),
      checkLedger: () => ledger.check(),
      auditOwners: () => idleOwners(ledger, owners),
      traceCluster: ({ key, clusterId }) => owners.trace(key, clusterId),
      restoreCreation: (trace) => ledger.restore(trace, 'restore'),
    },
    toRetryableFailure,
  );
}
