import { FAILURE_TYPES, whatFollows, type FailureType } from '../contracts/failures.ts';
import { LIST_MAX } from '../contracts/limits.ts';
import { PHASES, type Phase } from '../contracts/phases.ts';
import { PROVIDER_NAMES } from '../contracts/providers/registry.ts';
import { Team } from '../contracts/request.ts';
import { MusterError } from './errors.ts';

/** Which requests to list. An absent field does not filter; several phases mean any of them. */
export interface ListFilter {
  readonly phases?: readonly Phase[];
  readonly team?: string;
  readonly provider?: string;
  readonly region?: string;
  /** The failure that a request ended with, compensates for, or last skipped a placement for. */
  readonly reason?: FailureType;
  /** Started at this time or later, ms since the epoch. */
  readonly sinceMs?: number;
  /** Only requests whose run is running. */
  readonly running?: boolean;
  /** Only requests whose run was terminated or timed out: what it created may still exist. */
  readonly stopped?: boolean;
  readonly limit?: number;
}

/** A filter has a value that does not exist. */
export class InvalidFilterError extends MusterError {
  override readonly name = 'InvalidFilterError';
}

/** Failures that a request can show as its reason. All others are retried inside a step. */
export const REASONS: readonly FailureType[] = FAILURE_TYPES.filter((type) =>
  ['final', 'next-placement', 'park'].includes(whatFollows(type)),
);

const REQUESTS = `WorkflowType = 'provisionCluster'`;

/** Ended phases are queried by how Temporal closed the run: a request that failed before its plan has no attributes. */
const CLOSED_AS: Partial<Record<Phase, string>> = { ready: 'Completed', failed: 'Failed', cancelled: 'Canceled' };

/** Names of regions at every provider. Also keeps a value inside its quotes. */
const REGION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * The visibility query of a filter. Checks every value before it puts it between quotes.
 * @throws InvalidFilterError with the option, its value and the rule
 */
export function listQuery(filter: ListFilter): string {
  const clauses = [REQUESTS];
  const { phases = [], team, provider, region, reason, sinceMs } = filter;
  if (phases.length > 0) clauses.push(`(${phases.map(phaseClause).join(' OR ')})`);
  if (team !== undefined) {
    const parsed = Team.safeParse(team);
    clauses.push(equals('MusterTeam', 'team', team, parsed.success, parsed.error?.issues[0]?.message ?? ''));
  }
  if (provider !== undefined) {
    const known = PROVIDER_NAMES.some((name) => name === provider);
    clauses.push(equals('MusterProvider', 'provider', provider, known, `must be one of ${PROVIDER_NAMES.join(', ')}`));
  }
  if (region !== undefined) {
    clauses.push(equals('MusterRegion', 'region', region, REGION.test(region), 'must be a region such as us-west-2'));
  }
  if (reason !== undefined) {
    const known = REASONS.includes(reason);
    clauses.push(equals('MusterReason', 'reason', reason, known, `must be one of ${REASONS.join(', ')}`));
  }
  if (sinceMs !== undefined) clauses.push(`StartTime >= '${isoTime(sinceMs)}'`);
  if (filter.running === true) clauses.push(`ExecutionStatus = 'Running'`);
  if (filter.stopped === true) clauses.push(`ExecutionStatus IN ('Terminated', 'TimedOut')`);
  return clauses.join(' AND ');
}

/** All runs of these requests. The server answers the latest run of each id first. */
export const latestQuery = (workflowIds: readonly string[]): string =>
  `${REQUESTS} AND WorkflowId IN (${workflowIds.map((id) => `'${id}'`).join(', ')})`;

/** The leases of these clusters. */
export const leaseQuery = (clusterIds: readonly string[]): string =>
  `WorkflowType = 'leaseCluster' AND MusterClusterId IN (${clusterIds.map((id) => `'${id}'`).join(', ')})`;

/** Whether a filter may match an older run of an id but not its latest run. */
export const mayHideLatest = ({ phases = [], team, provider, region, reason, stopped }: ListFilter): boolean =>
  phases.length > 0 || stopped === true || [team, provider, region, reason].some((value) => value !== undefined);

/** @throws InvalidFilterError when the limit is out of range */
export function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIST_MAX) return limit;
  throw invalid('limit', String(limit), `must be a whole number from 1 to ${LIST_MAX}`);
}

function phaseClause(phase: Phase): string {
  if (!PHASES.includes(phase)) throw invalid('phase', phase, `must be one of ${PHASES.join(', ')}`);
  const closedAs = CLOSED_AS[phase];
  if (closedAs !== undefined) return `ExecutionStatus = '${closedAs}'`;
  // A terminated run keeps its last MusterPhase, though it is no longer in that phase.
  const is = phase === 'planning' ? `(MusterPhase = 'planning' OR MusterPhase IS NULL)` : `MusterPhase = '${phase}'`;
  return `(${is} AND ExecutionStatus = 'Running')`;
}

function equals(attribute: string, option: string, value: string, isValid: boolean, rule: string): string {
  if (!isValid) throw invalid(option, value, rule);
  return `${attribute} = '${value}'`;
}

function isoTime(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) throw invalid('since', String(ms), 'must be a time');
  return date.toISOString();
}

const invalid = (option: string, value: string, rule: string): InvalidFilterError =>
  new InvalidFilterError('invalid', `${option}: "${value}" is not valid: it ${rule}`, 'See the filters of lists.', {
    next: 'muster list --help',
  });
