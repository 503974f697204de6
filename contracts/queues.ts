/** Task queues. A provider's queue is named by its contract (see contracts/providers). */
export const QUEUES = {
  /** Workflows: requests, leases, cleanups, orders. */
  provisioning: 'provisioning',
  /** Steps without credentials: planning. */
  common: 'common',
  /** Steps that change the ledger. */
  ledger: 'ledger',
} as const;

/** The queue that only this provider's worker polls. */
export const providerQueue = (provider: string): string => `provider.${provider}`;
