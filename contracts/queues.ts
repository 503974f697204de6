/** Task queues. A provider's queue is named by its contract (see contracts/providers). */
export const QUEUES = {
  /** Workflows: requests, leases, cleanups, orders. */
  provisioning: 'provisioning',
  /** Steps without credentials: planning. */
  common: 'common',
  /** Steps that change the ledger. */
  ledger: 'ledger',
  /** The monitors' workflows alone, so that a burst of others never delays them. */
  monitor: 'monitor',
} as const;

/** The queue that only this provider's worker polls. */
export const providerQueue = (provider: string): string => `provider.${provider}`;

/** The queue of this provider's sweeps, polled by its worker too: behind a burst of its steps a sweep would be late. */
export const monitorQueue = (provider: string): string => `monitor.${provider}`;
