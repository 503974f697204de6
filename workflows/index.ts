export { auditLedger, setBudget, showBudget } from './budgets.ts';
export { cleanupCreation } from './cleanup.ts';
export { leaseCluster } from './lease.ts';
export { cancelRequest, releaseRequest } from './orders.ts';
export { provisionCluster } from './provision/workflow.ts';
