import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Moment, Operation, Output, Setting } from './context.ts';
import { EcsError } from './errors.ts';
import type { Parameters } from './parameters.ts';

/** A ClientToken that was used, and what the call came to. */
export const UsedToken = z.object({
  region: z.string(),
  operation: z.string(),
  token: z.string(),
  /** Of all parameters: a repeat must be equal in each. */
  digest: z.string(),
  usedAtMs: z.number(),
  outcome: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('done'), output: z.record(z.string(), z.unknown()) }),
    z.object({ kind: z.literal('refused'), code: z.string(), message: z.string(), status: z.int() }),
  ]),
});
export type UsedToken = z.infer<typeof UsedToken>;

/** At most 64 ASCII characters; the service's documentation. */
const FORM = /^[\x20-\x7e]{1,64}$/;

/**
 * Refusals that do not settle what a token comes to, because their descriptions say to try later; of a container that is
 * still creating the service only says that much. Throttled calls never get as far as their token.
 */
const TRY_LATER = new Set([
  'InvalidHpcClusterId.Creating',
  'IncorrectInstanceStatus.Initializing',
  'OperationDenied.ResourceControl',
  'OperationDenied.CreatingConflict',
]);

/** Codes of calls that changed nothing on purpose; whether the service keeps their tokens is not known. */
const DRY_RUN = new Set(['DryRunOperation', 'DRYRUN.SUCCESS']);

/**
 * Makes an operation safe to repeat under its ClientToken: it is carried out once, and repeats with the same
 * parameters get the first outcome under a request id of their own.
 */
export function withToken(name: string, carryOut: Operation): Operation {
  return (setting, moment, parameters) => {
    const token = parameters['ClientToken'] ?? '';
    if (token === '') return carryOut(setting, moment, parameters);
    if (!FORM.test(token)) {
      throw new EcsError('InvalidClientToken.ValueNotSupported', 'The ClientToken provided is invalid.');
    }
    const { state } = setting.account;
    const { tokenWindowMs } = setting.durations;
    const { nowMs } = moment;
    const region = parameters['RegionId'] ?? setting.defaultRegion;
    state.tokens = state.tokens.filter(({ usedAtMs }) => nowMs < usedAtMs + tokenWindowMs);
    const used = state.tokens.find(
      (known) => known.region === region && known.operation === name && known.token === token,
    );
    const digest = digestOf(parameters);
    if (used !== undefined) return repeated(used, digest, setting, nowMs);

    const settle = (outcome: UsedToken['outcome']): void => {
      state.tokens.push({ region, operation: name, token, digest, usedAtMs: nowMs, outcome });
    };
    return settled(() => carryOut(setting, moment, parameters), settle);
  };
}

function settled(carryOut: () => Output, settle: (outcome: UsedToken['outcome']) => void): Output {
  try {
    const output = carryOut();
    settle({ kind: 'done', output });
    return output;
  } catch (error) {
    if (error instanceof EcsError && isFinal(error)) {
      const { code, message, status } = error;
      settle({ kind: 'refused', code, message, status });
    }
    throw error;
  }
}

function repeated(used: UsedToken, digest: string, { durations }: Setting, nowMs: Moment['nowMs']): Output {
  if (used.digest !== digest) {
    throw new EcsError(
      'IdempotentParameterMismatch',
      'Request uses a client token in a previous request but is not identical to that request.',
    );
  }
  if (nowMs < used.usedAtMs + durations.tokenProcessingMs) {
    throw new EcsError('LastTokenProcessing', 'The last token request is processing.', 403);
  }
  const { outcome } = used;
  if (outcome.kind === 'done') return outcome.output;
  throw new EcsError(outcome.code, outcome.message, outcome.status);
}

/** InternalError comes with 404 at one operation, and settles nothing there either. */
function isFinal({ code, status }: EcsError): boolean {
  return status < 500 && code !== 'InternalError' && !TRY_LATER.has(code) && !DRY_RUN.has(code);
}

function digestOf(parameters: Parameters): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
}
