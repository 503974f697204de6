import { FAILURE_TYPES, whatFollows, type FailureType } from '../contracts/failures.ts';
import { LIST_MAX } from '../contracts/limits.ts';
import { PHASES, type Phase } from '../contracts/phases.ts';
import { PROVIDER_NAMES } from '../contracts/providers/registry.ts';
import { Team } from '../contracts/request.ts';
import { MusterError } from './errors.ts';

/** Which requests to list. Fields that are absent leave all; several phases mean any of them. */
export interface ListFilter {
  readonly phases?: readonly Phase[];
  readonly team?: string;
  readonly provider?: string;
  readonly region?: string;
  /** What a request failed with, compensates for, or was passed over for last. */
  readonly reason?: FailureType;
  /** Begun at this time or later, ms since the epoch. */
  readonly sinceMs?: number;
  /** Whose run goes on. */
  readonly running?: boolean;
  /** Whose run was stopped from outside: what it made may still stand. */
  readonly stopped?: boolean;
  readonly limit?: number;
}

/** A filter's value is not one that exists. */
export class InvalidFilterError extends MusterError {
  override readonly name = 'InvalidFilterError';
}

/** Failures that a request can show as its reason: the others are met inside a step, and tried again there. */
export const REASONS: readonly FailureType[] = FAILURE_TYPES.filter((type) =>
  ['final', 'next-placement', 'park'].includes(whatFollows(type)),
);

const REQUESTS = `WorkflowType = 'provisionCluster'`;

/** Ends are told by how Temporal closed the run: a request that failed before its plan has no attributes. */
const CLOSED_AS: Partial<Record<Phase, string>> = { ready: 'Completed', failed: 'Failed', cancelled: 'Canceled' };

/** Names of regions at every provider; also keeps a value from leaving its quotes. */
const REGION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * The visibility query of a filter. Every value is checked here, before it is put between quotes.
 * @throws InvalidFilterError naming the option, its value and the rule
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

/** The latest runs of these requests: the newest of an id is the first that the server gives. */
export const latestQuery = (workflowIds: readonly string[]): string =>
  `${REQUESTS} AND WorkflowId IN (${workflowIds.map((id) => `'${id}'`).join(', ')})`;

/** The leases of these clusters. */
export const leaseQuery = (clusterIds: readonly string[]): string =>
  `WorkflowType = 'leaseCluster' AND MusterClusterId IN (${clusterIds.map((id) => `'${id}'`).join(', ')})`;

/** Whether a filter could leave out the latest run of an id that it admits an older run of. */
export const mayHideLatest = ({ phases = [], team, provider, region, reason, stopped }: ListFilter): boolean =>
  phases.length > 0 || stopped === true || [team, provider, region, reason].some((value) => value !== undefined);

/** @throws InvalidFilterError for a limit that is none */
export function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIST_MAX) return limit;
  throw invalid('limit', String(limit), `must be a whole number from 1 to ${LIST_MAX}`);
}

function phaseClause(phase: Phase): string {
  if (!PHASES.includes(phase)) throw invalid('phase', phase, `must be one of ${PHASES.join(', ')}`);
  const closedAs = CLOSED_AS[phase];
  if (closedAs !== undefined) return `ExecutionStatus = '${closedAs}'`;
  // A run that was stopped from outside keeps the phase that it was in; it is in it no longer.
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
  new InvalidFilterError('invalid', `${option}: "${value}" is none: it ${rule}`, 'See how lists are filtered.', {
    next: 'muster list --help',
  });
