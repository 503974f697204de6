import type { CancelReply, Extended, ExtendOrder, Order, ReleaseReply } from '../contracts/messages.ts';
import { RequestId } from '../contracts/request.ts';
import { InvalidRequestError, OrderRefusedError } from './errors.ts';
import { failureOfShort } from './workflow-failures.ts';
import type { RunShort } from './short-workflows.ts';

/** Who orders something, and why: both go to the ledger or the lease's page. */
export interface OrderOptions {
  readonly who?: string;
  readonly why?: string;
  /** Names the order: given twice, it counts once. By default each call is an order of its own. */
  readonly orderId?: string;
}

/** Orders about a request, for code. */
export interface RequestOrders {
  /** Cancels a request that is not ready yet. @throws OrderRefusedError once it is ready: use release */
  cancel(requestId: string, options?: OrderOptions): Promise<CancelReply>;
  /** Deletes a request's ready cluster and books its cost. @throws OrderRefusedError where there is none */
  release(requestId: string, options?: OrderOptions): Promise<ReleaseReply>;
  /**
   * Lets a request's ready cluster live longer; the money is held first.
   * @param end when it shall end, ms since the epoch; or how much later than it would now, ms
   * @throws OrderRefusedError where there is no ready cluster, its lease has no end, or the budget has no room
   */
  extend(requestId: string, end: ExtendOrder['end'], options?: OrderOptions): Promise<Extended>;
}

export function requestOrders(run: RunShort): RequestOrders {
  return {
    cancel: async (requestId, options = {}) => {
      const what = orderOf(requestId, options);
      const reply = await run('cancelRequest', requestId, [what], what.orderId);
      if (reply.outcome === 'use-release') {
        throw new OrderRefusedError(
          'invalid',
          `request "${requestId}" is ready: use release`,
          'Releasing it deletes the cluster and books what it cost.',
          { next: `muster release ${requestId}` },
        );
      }
      return reply;
    },

    release: async (requestId, options = {}) => {
      const what = orderOf(requestId, options);
      const reply = await run('releaseRequest', requestId, [what], what.orderId);
      if (reply.outcome === 'not-leased')
        throw notLeased(requestId, 'See what stands; while it is not ready, use cancel.');
      return reply;
    },

    extend: async (requestId, end, options = {}) => {
      const what = { ...orderOf(requestId, options), end: checkedEnd(end) };
      const reply = await run('extendLease', requestId, [what], what.orderId).catch((error: unknown) => {
        throw refusalOf(requestId, error) ?? error;
      });
      if (reply.outcome === 'not-leased')
        throw notLeased(requestId, 'See what stands: only a ready cluster has an end.');
      return reply;
    },
  };
}

function orderOf(requestId: string, { orderId, who = 'client', why = '' }: OrderOptions): Order {
  // The ledger keeps a cancel for ever, also of a request that is not there yet: none for an id that cannot be.
  const parsed = RequestId.safeParse(requestId);
  if (!parsed.success) {
    const message = `"${requestId}" ${parsed.error.issues[0]?.message ?? 'is none'}`;
    throw new InvalidRequestError([{ path: 'requestId', message }]);
  }
  return { requestId, orderId: orderId ?? globalThis.crypto.randomUUID(), who, why };
}

function checkedEnd(end: ExtendOrder['end']): ExtendOrder['end'] {
  const [path, ms] = 'untilMs' in end ? ['end.untilMs', end.untilMs] : ['end.byMs', end.byMs];
  if (Number.isSafeInteger(ms) && ms > 0) return end;
  throw new InvalidRequestError([{ path, message: `${ms} must be a whole number of milliseconds above 0` }]);
}

const notLeased = (requestId: string, hint: string): OrderRefusedError =>
  new OrderRefusedError('invalid', `request "${requestId}" has no ready cluster`, hint, {
    next: `muster describe ${requestId}`,
  });

/** What a refused extension means; undefined where it failed for a reason of its own. */
function refusalOf(requestId: string, cause: unknown): OrderRefusedError | undefined {
  const failure = failureOfShort(cause);
  const message = `request "${requestId}" is not extended: ${failure?.message ?? ''}`;
  switch (failure?.type) {
    case 'BudgetExceeded':
      return new OrderRefusedError('invalid', message, "Extend it by less, or raise its team's limit.", {
        cause,
        next: 'muster budget show',
      });
    case 'InvalidRequest':
      return new OrderRefusedError('invalid', message, 'See when it ends, and how it is to live.', {
        cause,
        next: `muster describe ${requestId}`,
      });
    default:
      return undefined;
  }
}
