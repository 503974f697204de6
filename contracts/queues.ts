/** The task queues that are not a provider's. */
export const QUEUES = {
  /** Workflows: requests, leases, cleanups, operations. */
  provisioning: 'provisioning',
  /** Steps without credentials: planning. */
  common: 'common',
  /** Steps at the ledger. */
  ledger: 'ledger',
  /** Only the monitors' workflows, so that many others do not delay them. */
  monitor: 'monitor',
} as const;

/** The queue that only this provider's worker polls. */
export const providerQueue = (provider: string): string => `provider.${provider}`;

/** The queue of this provider's sweeps, also polled by its worker. It is separate, so that many steps do not delay a sweep. */
export const monitorQueue = (provider: string): string => `monitor.${provider}`;
