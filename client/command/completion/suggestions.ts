import type { ListedRequest } from '../../list.ts';
import type { ListFilter } from '../../list-query.ts';
import type { CommandContext } from '../context.ts';

/** A suggestion must arrive within this time (policy), ms. */
const SUGGESTION_TIMEOUT_MS = 1_000;

/** Requests searched for ids and teams to suggest (policy). */
const SEARCHED_REQUESTS = 200;

/** A possible word, and what it is. */
export interface Suggestion {
  readonly value: string;
  readonly description: string;
}

/** The requests that a command can act on. */
const SUGGESTED_REQUESTS: Readonly<Record<string, { filter: ListFilter; accepts?: (row: ListedRequest) => boolean }>> =
  {
    status: { filter: {} },
    describe: { filter: {} },
    watch: { filter: {} },
    cancel: { filter: {}, accepts: ({ phase }) => phase === null || !['ready', 'failed', 'cancelled'].includes(phase) },
    release: { filter: { phases: ['ready'] }, accepts: ({ lease }) => lease !== 'released' },
    extend: { filter: { phases: ['ready'] }, accepts: ({ lease }) => lease === 'leased' || lease === 'parked' },
  };

/**
 * Suggestions for the last of these words: ids of requests, or names of teams. Empty when the words ask for neither, or when
 * no server answers in time. Only lists requests: a completion must not start a workflow.
 */
export async function suggestionsFor(words: readonly string[], { withMuster }: CommandContext): Promise<Suggestion[]> {
  const [command = '', subcommand = ''] = words.slice(0, -1).filter((word) => !word.startsWith('-'));
  const wantsTeam = words.at(-2) === '--team' || (command === 'budget' && subcommand !== '');
  const source = wantsTeam ? { filter: {} } : SUGGESTED_REQUESTS[command];
  if (source === undefined || words.at(-1)?.startsWith('-') === true) return [];
  const list = withMuster((muster) => muster.list({ ...source.filter, limit: SEARCHED_REQUESTS }));
  const { requests } = (await withinTimeout(list)) ?? { requests: [] };
  if (wantsTeam) {
    const teams = new Set(requests.flatMap(({ team }) => team ?? []));
    return [...teams].map((value) => ({ value, description: 'team' }));
  }
  return requests
    .filter('accepts' in source ? (source.accepts ?? Boolean) : Boolean)
    .map(({ requestId, phase, run }) => ({
      value: requestId,
      description: phase ?? run.toLowerCase(),
    }));
}

/** The result, or undefined when it fails or takes too long. */
async function withinTimeout<T>(result: Promise<T>): Promise<T | undefined> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => {
      resolve(undefined);
    }, SUGGESTION_TIMEOUT_MS).unref();
  });
  return Promise.race([result.catch(() => undefined), late]);
}
