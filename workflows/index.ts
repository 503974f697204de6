export { auditAll, restoreCreation, auditRegions, traceCluster } from './audit.ts';
export { auditLedger, listBudgets, setBudget, showBudget, showJournal } from './budgets.ts';
export { cleanupCreation } from './cleanup.ts';
export { checkHealth, dryRun } from './health.ts';
export { leaseCluster } from './lease/workflow.ts';
export { cancelRequest, extendLease, releaseRequest } from './orders.ts';
export { provisionCluster } from './provision/workflow.ts';
export { describeRequest, listClusters } from './reports.ts';
export { monitorRegion } from './monitor.ts';
