import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { connectLedger } from '../../../activities/ledger/connection.ts';
import { createLedger, type Ledger } from '../../../activities/ledger/ledger.ts';
import { createProviderLedger, type ProviderLedger } from '../../../activities/ledger/provider-ledger.ts';
import { providerActivities } from '../../../activities/providers/activities.ts';
import type { Timing } from '../../../activities/providers/timing.ts';
import type { ProviderActivities } from '../../../contracts/activities.ts';
import type { Creation } from '../../../contracts/creation.ts';
import { requestWorkflowId } from '../../../contracts/ids.ts';
import { withExpiry } from '../../../contracts/opening.ts';
import { planRequest } from '../../../contracts/planning.ts';
import { ProvisioningRequest } from '../../../contracts/request.ts';
import { createTestLedger, type TestLedger } from '../../setup/ledger.ts';
import type { Bench, Lags, ProviderCase, Sight } from './case.ts';
import { CALL_TIMEOUT_MS } from './faults.ts';

/** The vendor's 12 minutes of a creation pass in less than 0.1 s. */
const SPEED = 10_000;

/** Shorter than a plan makes them, for the many lives that wait them out, ms; a call takes less than a claim. */
const CLAIM_MS = 2 * CALL_TIMEOUT_MS;
const LATE_CLUSTER_WINDOW_MS = 200;

/** One ledger for all worlds of a file, with the rights that workers have. */
export interface Books {
  readonly ledger: Ledger;
  readonly providerLedger: ProviderLedger;
  /** Every vendor of the file. They stop at its end: a port used again would meet sockets that clients keep. */
  readonly benches: Bench[];
  close(): Promise<void>;
}

export async function openBooks({ name }: ProviderCase): Promise<Books> {
  const db: TestLedger = await createTestLedger(inject('postgresUrl'));
  const benches: Bench[] = [];
  const own = connectLedger(await db.providerUrl(name), () => undefined);
  return {
    ledger: createLedger(db.ledger),
    providerLedger: createProviderLedger(own),
    benches,
    close: async () => {
      await Promise.all(benches.map((bench) => bench.stop()));
      await own.end();
      await db.drop();
    },
  };
}

/** A vendor of a test's own, and the steps at it as a worker has them. */
export interface World extends Books, Bench {
  readonly case: ProviderCase;
  readonly timing: Timing;
  readonly steps: ProviderActivities;
  /** A new request's first creation. */
  open(options?: OpenOptions): Promise<Creation>;
}

export interface OpenOptions {
  readonly placement?: Sight['placement'];
  readonly windowMs?: number;
}

export interface WorldOptions {
  readonly speed?: number;
  readonly lags?: Lags;
  readonly sharesNames?: boolean;
}

/** A fresh vendor, with the steps at it. */
export async function createWorld(
  books: Books,
  providerCase: ProviderCase,
  { speed = SPEED, lags = {}, sharesNames = false }: WorldOptions = {},
): Promise<World> {
  const bench = await providerCase.start({ speed, callTimeoutMs: CALL_TIMEOUT_MS, lags, sharesNames });
  books.benches.push(bench);
  return worldOf(books, providerCase, bench, speed);
}

function worldOf(books: Books, providerCase: ProviderCase, bench: Bench, speed: number): World {
  const timing: Timing = { speed };
  return {
    ...books,
    ...bench,
    case: providerCase,
    timing,
    steps: providerActivities(bench.provider, books.providerLedger, timing),
    open: (options) => open(books, providerCase, speed, options),
  };
}

async function open(
  { ledger }: Books,
  providerCase: ProviderCase,
  speed: number,
  { placement = 'usual', windowMs = LATE_CLUSTER_WINDOW_MS }: OpenOptions = {},
): Promise<Creation> {
  const id = randomBytes(6).toString('hex');
  const team = `team-${id}`;
  await ledger.setBudget(team, 'total', 1_000_000_000_000_000, 'test');
  const placements = [providerCase.placement(placement)];
  const request = ProvisioningRequest.parse({ requestId: `request-${id}`, team, placements, durationMs: 3_600_000 });
  const { requestId } = request;
  const plan = planRequest(request, 'body', speed);
  if (!('placements' in plan) || plan.placements[0] === undefined) throw new Error(`no plan: ${JSON.stringify(plan)}`);
  const answer = await ledger.openCreation({
    ...{ requestId, bodyHash: 'body', team, owner: requestWorkflowId(requestId), version: 0 },
    placement: { ...withExpiry(plan.placements[0], Date.now()), claimMs: CLAIM_MS, lateClusterWindowMs: windowMs },
  });
  if (answer.creation === null) throw new Error(`not opened: ${answer.outcome}`);
  return answer.creation;
}
