export { auditLedger, listBudgets, setBudget, showBudget, showJournal } from './budgets.ts';
export { cleanupCreation } from './cleanup.ts';
export { checkHealth, dryRun } from './health.ts';
export { leaseCluster } from './lease.ts';
export { cancelRequest, releaseRequest } from './orders.ts';
export { provisionCluster } from './provision/workflow.ts';
export { describeRequest } from './reports.ts';
