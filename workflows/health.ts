import { failed, unknown, ok, type Check, type DryRun, type Location } from '../contracts/health.ts';
import { formatMicros } from '../contracts/money.ts';
import type { Plan, PlannedPlacement } from '../contracts/plan.ts';
import { providerQueue, QUEUES } from '../contracts/queues.ts';
import { checkAt, common } from './activity-options.ts';
import { asApplicationFailure, failureOf, isNotTaken } from './failures.ts';

/**
 * Has each role's worker look at its own part, with its own credentials: whoever asks needs none.
 * @param places what to look at, a provider and region each
 */
export async function checkHealth({
  locations,
}: {
  readonly locations: readonly Location[];
}): Promise<readonly Check[]> {
  const checks = await Promise.all([
    ledgerChecks(),
    ...locations.map((location) => providerChecks(location, 'perhaps')),
  ]);
  return checks.flat();
}

/** Tries a request without doing anything: plans it, and looks whether its budget and its providers would take it. */
export async function dryRun(request: unknown): Promise<DryRun> {
  const plan = await planOf(request);
  const checks = await Promise.all([
    budgetCheck(plan),
    ...locationsOf(plan.placements).map((location) => providerChecks(location, 'needed')),
  ]);
  return { plan, checks: checks.flat() };
}

async function planOf(request: unknown): Promise<Plan> {
  try {
    return await common('Plan the request').plan(request);
  } catch (error) {
    throw asApplicationFailure(failureOf(error));
  }
}

const ledgerChecks = (): Promise<readonly Check[]> =>
  answered('worker of role ledger', QUEUES.ledger, 'ledger', 'needed', () =>
    checkAt(QUEUES.ledger, 'Look at the ledger').checkLedger(),
  );

/** @param use whether the provider is needed: an installation may do without its worker */
const providerChecks = ({ provider, region }: Location, use: 'needed' | 'perhaps'): Promise<readonly Check[]> =>
  answered(`worker of role ${provider}`, providerQueue(provider), provider, use, () =>
    checkAt(providerQueue(provider), `Look at ${provider} in ${region}`).checkProvider({ region }),
  );

/** Nobody takes the step up, or it breaks: both are findings, not failures. */
async function answered(
  subject: string,
  queue: string,
  role: string,
  use: 'needed' | 'perhaps',
  look: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    const found = await look();
    return [ok(subject, `polls ${queue}`), ...found];
  } catch (error) {
    if (isNotTaken(error)) {
      const nonexistentId = `nobody polls ${queue}`;
      return use === 'needed'
        ? [failed(subject, nonexistentId, `npm run worker -- --roles ${role}`)]
        : [unknown(subject, `${nonexistentId}; without it no request can go there`)];
    }
    const { type, message } = failureOf(error);
    return [failed(subject, `${type}: ${message}`, 'See the log of that worker.')];
  }
}

async function budgetCheck({ team, placements }: Plan): Promise<readonly Check[]> {
  const subject = `budget of ${team}`;
  const wanted = Math.max(...placements.map(({ holdMicros }) => holdMicros));
  try {
    const { limitMicros, period, balances } = await checkAt(QUEUES.ledger, 'Read the budget').budget({ team });
    const current = period === 'month' ? new Date().toISOString().slice(0, 7) : 'total';
    const now = balances.find((balance) => balance.period === current);
    const left = limitMicros - (now?.heldMicros ?? 0) - (now?.spentMicros ?? 0);
    const text = `${formatMicros(left)} left, ${formatMicros(wanted)} would be held at most`;
    if (left >= wanted) return [ok(subject, text)];
    return [failed(subject, text, `muster budget set ${team} --limit <usd>`)];
  } catch (error) {
    return [failed(subject, failureOf(error).message, `muster budget set ${team} --limit <usd>`)];
  }
}

const locationsOf = (placements: readonly PlannedPlacement[]): Location[] => [
  ...new Map(placements.map(({ provider, region }) => [`${provider} ${region}`, { provider, region }])).values(),
];
