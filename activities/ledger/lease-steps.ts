import pg from 'pg';
import type { LedgerActivities } from '../../contracts/activities.ts';
import type { Creation } from '../../contracts/creation.ts';
import { faultsText, parseRequest, type ProvisioningRequest } from '../../contracts/request.ts';
import { failure } from '../failures.ts';
import type { Ledger } from './ledger.ts';
import type { OwnerWorkflows } from '../temporal/owner-workflows.ts';

type LeaseSteps = Pick<LedgerActivities, 'extendHold' | 'extendLease' | 'releaseLease' | 'reprovision'>;

/** The activities of a lease at the ledger. */
export function leaseSteps(ledger: Ledger, owners: OwnerWorkflows): LeaseSteps {
  return {
    releaseLease: ({ creation, who, why, orderId }) => owners.sendRelease(creation, { who, why }, orderId),
    extendHold: async ({ key, untilMs, who }) => {
      try {
        return await ledger.extendHold(key, untilMs, who);
      } catch (error) {
        // The ledger was restored from an older backup. Another try finds no row either: the lease must read its row.
        if (!isMissingRow(error)) throw error;
        throw failure('CreationClosed', `the ledger has no creation with the key ${key}`);
      }
    },
    extendLease: async ({ creation, untilMs, orderId, who }) => {
      // Read at each try: an order must not start a lease again that has ended since.
      const { creation: current } = await ledger.readRequest(creation.requestId);
      if (current?.key !== creation.key || current.state !== 'leased') {
        throw failure('InvalidRequest', `the lease of "${creation.requestId}" is over or being released`);
      }
      return owners.sendExtend(current, { untilMs, who }, orderId);
    },
    reprovision: async ({ creation }) => {
      const request = requestOf(creation);
      const answer = await ledger.reprovision(creation.key);
      // If another creation is the latest, an earlier try has started the request's workflow already.
      if (answer.outcome !== 'reprovisioned' || answer.creation?.key !== creation.key) return answer;
      const bodyHash = await ledger.bodyHash(creation.requestId);
      if (bodyHash === null) throw new RangeError(`request ${creation.requestId} has no body hash`);
      await owners.provisionAgain(request, bodyHash);
      return answer;
    },
  };
}

/** SQLSTATE of `no_data_found`, which the ledger's functions raise for an unknown key. */
const NO_DATA_FOUND = 'P0002';

const isMissingRow = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === NO_DATA_FOUND;

/** The request as it was submitted. */
function requestOf({ key, terms }: Creation): ProvisioningRequest {
  if (terms.request === null) {
    throw failure('InvalidRequest', `${key} has no request in its terms: it cannot be provisioned again`);
  }
  const parsed = parseRequest(terms.request);
  if ('faults' in parsed) throw failure('InvalidRequest', faultsText(parsed.faults));
  return parsed.request;
}
