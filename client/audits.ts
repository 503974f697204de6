import type { Client } from '@temporalio/client';
import type { Creation } from '../contracts/creation.ts';
import type { Audit, Stray, Surveys, Unseen } from '../contracts/findings.ts';
import type { Place } from '../contracts/health.ts';
import { MAX_STRAYS } from '../contracts/limits.ts';
import type { Trace } from '../contracts/reports.ts';
import { OrderRefusedError } from './errors.ts';
import { failureOfShort } from './results.ts';
import type { RunShort } from './short-workflows.ts';
import { usualPlaces } from './usual-places.ts';

/** What was found of clusters that wear keys of this installation, and that its ledger does not know. */
export interface StrayReport {
  readonly strays: readonly Stray[];
  /** Whether a place has more of them than an answer lists. */
  readonly more: boolean;
  /** Where the look was possible. */
  readonly looked: readonly Place[];
  readonly unseen: readonly Unseen[];
  /** Clusters that wear keys of other installations. */
  readonly othersClusters: number;
}

/**
 * Looks for what disagrees, for code. Nothing but `restore` changes anything. Without places they look wherever the
 * ledger has been, and in the usual region of each provider that has a worker.
 */
export interface Audits {
  /** Every disagreement inside the ledger; an empty list is well. */
  audit(): Promise<readonly string[]>;
  /** Every disagreement inside the ledger, between it and Temporal, and with the providers. @throws UnreachableError */
  auditAll(places?: readonly Place[]): Promise<Audit>;
  /** Clusters that look like ours, but that the ledger does not know; nobody touches them. @throws UnreachableError */
  strays(places?: readonly Place[]): Promise<StrayReport>;
  /** What Temporal still knows of a stray; null where it knows nothing. */
  trace(stray: { readonly key: string; readonly clusterId: string }): Promise<Trace | null>;
  /** Writes a creation's row again. @throws OrderRefusedError where the ledger has it, or has another in its place */
  restore(trace: Trace): Promise<Creation>;
}

export function audits(client: Client, run: RunShort): Audits {
  const survey = (places: readonly Place[] | null): Promise<Surveys> => run('surveyPlaces', 'places', [{ places }]);

  /** Adds the usual places that a look at everything the ledger knows of did not come to: a lost ledger knows none. */
  const withUsual = async <T extends Surveys>(known: T): Promise<T> => {
    const seen = new Set([...known.surveys, ...known.unseen].map(nameOf));
    const rest = (await usualPlaces(client)).filter((place) => !seen.has(nameOf(place)));
    if (rest.length === 0) return known;
    const { surveys, unseen } = await survey(rest);
    return { ...known, surveys: [...known.surveys, ...surveys], unseen: [...known.unseen, ...unseen] };
  };

  return {
    audit: () => run('auditLedger', 'ledger', []),
    auditAll: async (places) => {
      const audit = await run('auditAll', 'places', [{ places: places ?? null }]);
      return places ? audit : withUsual(audit);
    },
    strays: async (places) => strayReport(places ? await survey(places) : await withUsual(await survey(null))),
    trace: ({ key, clusterId }) => run('traceCluster', key, [{ key, clusterId }]),
    restore: async (trace) =>
      run('restoreCreation', trace.key, [trace]).catch((error: unknown) => {
        throw refusalOf(trace.key, error) ?? error;
      }),
  };
}

const nameOf = ({ provider, region }: Place): string => `${provider}/${region}`;

/** The strays among all that surveys found. */
export function strayReport({ surveys, unseen }: Surveys): StrayReport {
  const byPlace = surveys.map(({ findings }) => findings.filter((finding) => finding.kind === 'stray'));
  return {
    strays: byPlace.flat(),
    more: byPlace.some(({ length }) => length >= MAX_STRAYS),
    looked: surveys.map(({ provider, region }) => ({ provider, region })),
    unseen,
    othersClusters: surveys.reduce((sum, { othersClusters }) => sum + othersClusters, 0),
  };
}

/** Disagreements of every kind; places that nobody could look at are none, and yet not well. */
export const disagreements = ({ ledger, temporal, surveys }: Audit): number =>
  ledger.length + temporal.length + surveys.reduce((sum, { findings }) => sum + findings.length, 0);

function refusalOf(key: string, cause: unknown): OrderRefusedError | undefined {
  const failure = failureOfShort(cause);
  if (failure?.type !== 'InvalidRequest') return undefined;
  return new OrderRefusedError(
    'invalid',
    `${key} is not restored: ${failure.message}`,
    'The ledger rules: see what stands.',
    { cause, next: 'muster audit' },
  );
}
