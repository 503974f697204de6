import type { ProvisionedCluster, Receipt } from '../contracts/cluster.ts';
import { MusterError, RequestFailedError } from './errors.ts';
import type { Muster } from './muster.ts';

/** How a request ended, as data. */
export interface RequestOutcome {
  readonly requestId: string;
  readonly outcome: 'ready' | 'failed' | 'cancelled';
  readonly cluster: ProvisionedCluster | null;
  readonly failure: { readonly type: string; readonly message: string; readonly hint: string } | null;
  readonly receipt: Receipt | null;
}

/** Waits for a request's end. Failed and cancelled are outcomes; only errors of the connection are thrown. */
export async function outcomeOf(muster: Muster, requestId: string): Promise<RequestOutcome> {
  try {
    const cluster = await muster.result(requestId);
    return { requestId, outcome: 'ready', cluster, failure: null, receipt: cluster.receipt };
  } catch (error) {
    if (!(error instanceof MusterError) || error.kind !== 'failed') throw error;
    const { message, hint } = error;
    return error instanceof RequestFailedError
      ? {
          requestId,
          outcome: 'failed',
          cluster: null,
          failure: { type: error.type, message, hint },
          receipt: error.receipt,
        }
      : {
          requestId,
          outcome: 'cancelled',
          cluster: null,
          failure: { type: 'Cancelled', message, hint },
          receipt: null,
        };
  }
}
