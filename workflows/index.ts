export { auditAll, auditRegions } from './audit.ts';
export { cleanupCreation } from './cleanup.ts';
export { checkHealth, dryRun } from './health.ts';
export { leaseCluster } from './lease/workflow.ts';
export { monitorRegion } from './monitor.ts';
export { runOperation } from './operations.ts';
export { cancelRequest, extendRequest, releaseRequest } from './orders.ts';
export { provisionCluster } from './provision/workflow.ts';
