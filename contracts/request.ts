import { z } from 'zod';
import * as limits from './limits.ts';
import { Placement } from './providers/registry.ts';

/** Names a request for ever. A submit of the same id and body joins it; another body is refused. */
export const RequestId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'must be 1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen',
  )
  .brand<'RequestId'>();
export type RequestId = z.infer<typeof RequestId>;

/** The team whose budget pays. */
export const Team = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'must be 1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen',
  );

/** A request. An unknown field is an error. */
export const ProvisioningRequest = z.strictObject({
  requestId: RequestId,
  team: Team,
  /** In order of preference. The next one is tried when the last was refused or is proven absent. */
  placements: z.array(Placement).min(1).max(limits.MAX_PLACEMENTS),
  /** Longest time from the opening of a creation until its cluster is ready, ms. */
  readyTimeoutMs: z
    .number()
    .int()
    .min(limits.READY_TIMEOUT_MIN_MS)
    .max(limits.READY_TIMEOUT_MAX_MS)
    .default(limits.DEFAULT_READY_TIMEOUT_MS),
  /** How long the cluster is leased, ms. Without it the lease has no end and is funded day by day. */
  durationMs: z.number().int().min(limits.DURATION_MIN_MS).max(limits.DURATION_MAX_MS).optional(),
  policies: z
    .strictObject({
      /** When no placement gave a cluster: fail, or pause and try them all again until one is ready. */
      whenExhausted: z.enum(['fail', 'wait']).default('fail'),
      /** When the cluster is not ready in time: try the next placement, or fail. */
      onDeadline: z.enum(['next', 'fail']).default('next'),
      /** When the budget has no room for the next slice of a lease without an end: release the cluster, or keep it and show
       *  the lease as parked until there is room or somebody releases it. */
      onUnfunded: z.enum(['release', 'park']).default('release'),
      /** When the leased cluster has failed or vanished: keep it and show the lease as parked, release it, or release it and
       *  provision the request again. */
      onBroken: z.enum(['park', 'release', 'reprovision']).default('park'),
    })
    .prefault({}),
});
export type ProvisioningRequest = z.infer<typeof ProvisioningRequest>;

/** A request as a caller writes it, with or without the defaults. */
export type ProvisioningRequestInput = z.input<typeof ProvisioningRequest>;

/** A fault in a request. */
export interface RequestFault {
  /** Such as `placements[0].spec.instanceGroups[2].instanceCount`. */
  readonly path: string;
  readonly message: string;
}

/** A path as text. */
const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text && '.'}${String(part)}`),
    '',
  ) || 'request';

/** Parses a request. Reports all faults together. */
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

/** The faults as text, one on each line. */
export const faultsText = (faults: readonly RequestFault[]): string =>
  faults.map(({ path, message }) => `${path}: ${message}`).join('\n');
