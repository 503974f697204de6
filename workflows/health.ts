import { failed, ok, unknown, type Check, type DryRun, type Location } from '../contracts/health.ts';
import { formatMicros } from '../contracts/money.ts';
import type { Plan, PlannedPlacement } from '../contracts/plan.ts';
import { providerQueue, QUEUES } from '../contracts/queues.ts';
import { checkAt, common } from './activity-options.ts';
import { failureOf, hasNoWorker } from './failures.ts';
import { withStepFailures } from './operations.ts';

/** Has each role's worker check its own part with its own credentials, so that the caller needs none. */
export async function checkHealth(input: { readonly locations: readonly Location[] }): Promise<readonly Check[]> {
  const checks = await Promise.all([
    ledgerChecks(),
    ...input.locations.map((location) => providerChecks(location, 'optional')),
  ]);
  return checks.flat();
}

/** Tries a request without creating or reserving anything: plans it, and checks its budget and its providers. */
export async function dryRun(request: unknown): Promise<DryRun> {
  const plan = await withStepFailures(() => common('Plan the request').plan(request));
  const checks = await Promise.all([
    budgetCheck(plan),
    ...locationsOf(plan.placements).map((location) => providerChecks(location, 'required')),
  ]);
  return { plan, checks: checks.flat() };
}

/** Whether a missing worker is a fault: an installation may run without some providers. */
type Need = 'required' | 'optional';

const ledgerChecks = (): Promise<readonly Check[]> =>
  workerChecks('ledger', QUEUES.ledger, 'required', () => checkAt(QUEUES.ledger, 'Check the ledger').checkLedger());

const providerChecks = ({ provider, region }: Location, need: Need): Promise<readonly Check[]> =>
  workerChecks(provider, providerQueue(provider), need, () =>
    checkAt(providerQueue(provider), `Check ${provider} in ${region}`).checkProvider({ region }),
  );

/** What a role's worker finds. A worker that does not run, or a check that fails, is a finding and not a failure. */
async function workerChecks(
  role: string,
  queue: string,
  need: Need,
  check: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  const subject = `worker of role ${role}`;
  try {
    const checks = await check();
    return [ok(subject, `polls ${queue}`), ...checks];
  } catch (error) {
    if (hasNoWorker(error)) {
      const detail = `no worker polls ${queue}`;
      return need === 'required'
        ? [failed(subject, detail, `npm run worker -- --roles ${role}`)]
        : [unknown(subject, `${detail}; requests cannot go there until one runs`)];
    }
    const { type, message } = failureOf(error);
    return [failed(subject, `${type}: ${message}`, 'See the log of that worker.')];
  }
}

async function budgetCheck({ team, placements }: Plan): Promise<Check[]> {
  const subject = `budget of ${team}`;
  const fix = `muster budget set ${team} --limit <usd>`;
  const neededMicros = Math.max(...placements.map(({ holdMicros }) => holdMicros));
  try {
    const { limitMicros, period, balances } = await checkAt(QUEUES.ledger, 'Read the budget').readBudget({ team });
    const currentPeriod = period === 'month' ? new Date().toISOString().slice(0, 7) : 'total';
    const current = balances.find((balance) => balance.period === currentPeriod);
    const leftMicros = limitMicros - (current?.heldMicros ?? 0) - (current?.spentMicros ?? 0);
    const detail = `${formatMicros(leftMicros)} left, at most ${formatMicros(neededMicros)} would be held`;
    return [leftMicros >= neededMicros ? ok(subject, detail) : failed(subject, detail, fix)];
  } catch (error) {
    return [failed(subject, failureOf(error).message, fix)];
  }
}

const locationsOf = (placements: readonly PlannedPlacement[]): Location[] => [
  ...new Map(placements.map(({ provider, region }) => [`${provider} ${region}`, { provider, region }])).values(),
];
