import type { CancelResult, ExtendOrder, ExtendResult, ReleaseResult, RequestOrder } from '../contracts/operations.ts';
import { RequestId } from '../contracts/request.ts';
import { InvalidRequestError } from './errors.ts';
import type { RunOperation } from './operations.ts';

/** Who orders something, and why: both are recorded. */
export interface OrderOptions {
  readonly who?: string;
  readonly why?: string;
  /** Names the order: the same id twice is one order. By default each call is an order of its own. */
  readonly orderId?: string;
}

/** Orders about a request, for code. All of them throw UnreachableError. */
export interface RequestOrders {
  /** Cancels a request that is not ready yet. @throws OrderRefusedError once it is ready: use release */
  cancel(requestId: string, options?: OrderOptions): Promise<CancelResult>;
  /** Deletes a request's ready cluster and books its cost. @throws OrderRefusedError without a ready cluster */
  release(requestId: string, options?: OrderOptions): Promise<ReleaseResult>;
  /**
   * Lets a request's ready cluster live longer; the money is held first.
   * @param end the new end, ms since the epoch; or by how much later than the present end, ms
   * @throws OrderRefusedError without a ready cluster, for a lease without an end, or when the budget has no room
   */
  extend(requestId: string, end: ExtendOrder['end'], options?: OrderOptions): Promise<ExtendResult>;
}

export function requestOrders(run: RunOperation): RequestOrders {
  return {
    cancel: async (requestId, options = {}) => {
      const order = orderOf(requestId, options);
      return run('cancelRequest', requestId, order, order.orderId);
    },
    release: async (requestId, options = {}) => {
      const order = orderOf(requestId, options);
      return run('releaseRequest', requestId, order, order.orderId);
    },
    extend: async (requestId, end, options = {}) => {
      const order = { ...orderOf(requestId, options), end: checkedEnd(end) };
      return run('extendRequest', requestId, order, order.orderId);
    },
  };
}

function orderOf(requestId: string, { orderId, who = 'client', why = '' }: OrderOptions): RequestOrder {
  // The ledger keeps a cancel forever, also of a request that does not exist yet: so the id must be a possible one.
  const parsed = RequestId.safeParse(requestId);
  if (!parsed.success) {
    const message = `"${requestId}" ${parsed.error.issues[0]?.message ?? 'is not valid'}`;
    throw new InvalidRequestError([{ path: 'requestId', message }]);
  }
  return { requestId, orderId: orderId ?? globalThis.crypto.randomUUID(), who, why };
}

function checkedEnd(end: ExtendOrder['end']): ExtendOrder['end'] {
  const [path, ms] = 'untilMs' in end ? ['end.untilMs', end.untilMs] : ['end.byMs', end.byMs];
  if (Number.isSafeInteger(ms) && ms > 0) return end;
  throw new InvalidRequestError([{ path, message: `${ms} must be a whole number of milliseconds above 0` }]);
}
