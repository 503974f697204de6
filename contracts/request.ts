import { z } from 'zod';
import * as limits from './limits.ts';
import { Placement } from './providers/registry.ts';

/** Names a request for ever: the same id with the same body joins, with another body is refused. */
export const RequestId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'must be 1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen',
  )
  .brand<'RequestId'>();
export type RequestId = z.infer<typeof RequestId>;

/** A team: whose budget pays. */
export const Team = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'must be 1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen',
  );

/** What a caller asks. Strict: an unknown field is an error. */
export const ProvisioningRequest = z.strictObject({
  requestId: RequestId,
  team: Team,
  /** In order of preference: the next is tried when the last was refused or is proven absent. */
  placements: z.array(Placement).min(1).max(limits.MAX_PLACEMENTS),
  /** From the opening of a creation to its readiness, ms. */
  readyTimeoutMs: z
    .number()
    .int()
    .min(limits.READY_TIMEOUT_MIN_MS)
    .max(limits.READY_TIMEOUT_MAX_MS)
    .default(limits.DEFAULT_READY_TIMEOUT_MS),
  /** How long the ready cluster may live, ms; without it the lease has no end, and is funded a day at a time. */
  durationMs: z.number().int().min(limits.DURATION_MIN_MS).max(limits.DURATION_MAX_MS).optional(),
  policies: z
    .strictObject({
      /** All placements refused: the request fails, or waits and then tries them all again, until one is ready. */
      whenExhausted: z.enum(['fail', 'wait']).default('fail'),
      /** Not ready in time: try the next placement, or fail at once. */
      onDeadline: z.enum(['next', 'fail']).default('next'),
      /** The next slice of a lease without an end finds no room in the budget: the cluster is released, or left standing,
       *  shown as parked, until there is room or somebody releases it. */
      onUnfunded: z.enum(['release', 'park']).default('release'),
      /** The ready cluster has failed or vanished: it is left as it is and shown as parked, or released, or released and
       *  the request provisioned again. */
      onBroken: z.enum(['park', 'release', 'reprovision']).default('park'),
    })
    .prefault({}),
});
export type ProvisioningRequest = z.infer<typeof ProvisioningRequest>;

/** What a caller writes: defaults left out. */
export type ProvisioningRequestInput = z.input<typeof ProvisioningRequest>;

/** One fault of a request: where, and what is wrong by which rule. */
export interface RequestFault {
  /** Such as `placements[0].spec.instanceGroups[2].instanceCount`. */
  readonly path: string;
  readonly message: string;
}

/** A path as people write it. */
const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text && '.'}${String(part)}`),
    '',
  ) || 'request';

/** Parses a request, all faults at once. */
export function parseRequest(
  input: unknown,
): { readonly request: ProvisioningRequest } | { readonly faults: readonly RequestFault[] } {
  const parsed = ProvisioningRequest.safeParse(input);
  if (parsed.success) return { request: parsed.data };
  return {
    faults: parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'is not a field of a request' }))
        : [{ path: pathText(issue.path), message: issue.message }],
    ),
  };
}

/** Faults as one text, a line each. */
export const faultsText = (faults: readonly RequestFault[]): string =>
  faults.map(({ path, message }) => `${path}: ${message}`).join('\n');
