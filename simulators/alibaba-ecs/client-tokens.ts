import { createHash } from 'node:crypto';
import type { Operation, Output, Context } from './context.ts';
import { Refusal } from '../core/refusal.ts';
import type { Parameters } from './parameters.ts';
import type { UsedToken } from './used-token.ts';

/** At most 64 ASCII characters, by the service's documentation. */
const FORM = /^[\x20-\x7e]{1,64}$/;

/**
 * Refusals that do not use a token up, because the service tells the caller to try later. That a container which is
 * still creating is one of them is a guess. Throttled calls are refused before their token is read.
 */
const TRY_LATER = new Set([
  'InvalidHpcClusterId.Creating',
  'IncorrectInstanceStatus.Initializing',
  'OperationDenied.ResourceControl',
  'OperationDenied.CreatingConflict',
]);

/** The codes of dry runs. Whether the service keeps their tokens is not known. */
const DRY_RUN = new Set(['DryRunOperation', 'DRYRUN.SUCCESS']);

/**
 * Makes an operation safe to repeat with its ClientToken: it is carried out once. A repeat with the same parameters gets
 * the first result, with a request id of its own.
 */
export function withClientToken(name: string, run: Operation): Operation {
  return (context, call, parameters) => {
    const token = parameters['ClientToken'] ?? '';
    if (token === '') return run(context, call, parameters);
    if (!FORM.test(token)) {
      throw new Refusal('InvalidClientToken.ValueNotSupported', 'The ClientToken provided is invalid.');
    }
    const { state } = context.account;
    const { tokenWindowMs } = context.durations;
    const { nowMs } = call;
    const region = parameters['RegionId'] ?? context.defaultRegion;
    state.tokens = state.tokens.filter(({ usedAtMs }) => nowMs < usedAtMs + tokenWindowMs);
    const used = state.tokens.find(
      (known) => known.region === region && known.operation === name && known.token === token,
    );
    const digest = digestOf(parameters);
    if (used !== undefined) return resultOf(used, digest, context, nowMs);

    const remember = (result: UsedToken['result']): void => {
      state.tokens.push({ region, operation: name, token, digest, usedAtMs: nowMs, result });
    };
    return firstResult(() => run(context, call, parameters), remember);
  };
}

function firstResult(run: () => Output, remember: (result: UsedToken['result']) => void): Output {
  try {
    const output = run();
    remember({ kind: 'done', output });
    return output;
  } catch (error) {
    if (error instanceof Refusal && isFinal(error)) {
      const { type, message, status } = error;
      remember({ kind: 'refused', type, message, status });
    }
    throw error;
  }
}

function resultOf(used: UsedToken, digest: string, { durations }: Context, nowMs: number): Output {
  if (used.digest !== digest) {
    throw new Refusal(
      'IdempotentParameterMismatch',
      'Request uses a client token in a previous request but is not identical to that request.',
    );
  }
  if (nowMs < used.usedAtMs + durations.tokenProcessingMs) {
    throw new Refusal('LastTokenProcessing', 'The last token request is processing.', 403);
  }
  const { result } = used;
  if (result.kind === 'done') return result.output;
  throw new Refusal(result.type, result.message, result.status);
}

/** Whether a refusal uses the token up. InternalError never does; one operation sends it with 404. */
function isFinal({ type, status }: Refusal): boolean {
  return status < 500 && type !== 'InternalError' && !TRY_LATER.has(type) && !DRY_RUN.has(type);
}

function digestOf(parameters: Parameters): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
}
