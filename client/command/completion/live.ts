import type { ListedRequest } from '../../list.ts';
import type { ListFilter } from '../../list-query.ts';
import type { CommandContext } from '../context.ts';

/** Nobody waits longer for a suggestion (policy), ms. */
const PATIENCE_MS = 1_000;

/** Requests that are looked through for ids and teams to suggest (policy). */
const LOOKED_THROUGH = 200;

/** A word that may stand there, and what it is. */
export interface Suggestion {
  readonly value: string;
  readonly description: string;
}

/** Which requests a command can do something about. */
const ADMITS: Readonly<Record<string, { filter: ListFilter; admits?: (row: ListedRequest) => boolean }>> = {
  status: { filter: {} },
  describe: { filter: {} },
  monitor: { filter: {} },
  cancel: { filter: {}, admits: ({ phase }) => phase === null || !['ready', 'failed', 'cancelled'].includes(phase) },
  release: { filter: { phases: ['ready'] }, admits: ({ lease }) => lease !== 'released' },
  extend: { filter: { phases: ['ready'] }, admits: ({ lease }) => lease === 'leased' || lease === 'parked' },
};

/**
 * What a server suggests for the last of these words: ids of requests, or names of teams. Empty where the words ask for
 * neither, and where nobody answers in time. Reads lists only: a pressed key must not start a workflow.
 */
export async function liveSuggestions(words: readonly string[], { withMuster }: CommandContext): Promise<Suggestion[]> {
  const [command = '', below = ''] = words.slice(0, -1).filter((word) => !word.startsWith('-'));
  const wantsTeam = words.at(-2) === '--team' || (command === 'budget' && below !== '');
  const kind = wantsTeam ? { filter: {} } : ADMITS[command];
  if (kind === undefined || words.at(-1)?.startsWith('-') === true) return [];
  const look = withMuster((muster) => muster.list({ ...kind.filter, limit: LOOKED_THROUGH }));
  const { requests } = (await inTime(look)) ?? { requests: [] };
  if (wantsTeam) {
    const teams = new Set(requests.flatMap(({ team }) => team ?? []));
    return [...teams].map((value) => ({ value, description: 'team' }));
  }
  return requests.filter('admits' in kind ? (kind.admits ?? Boolean) : Boolean).map(({ requestId, phase, run }) => ({
    value: requestId,
    description: phase ?? run.toLowerCase(),
  }));
}

/** Undefined where it fails or takes longer than anybody waits. */
async function inTime<T>(looked: Promise<T>): Promise<T | undefined> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => {
      resolve(undefined);
    }, PATIENCE_MS).unref();
  });
  return Promise.race([looked.catch(() => undefined), late]);
}
