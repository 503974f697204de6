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
import type { Bench, ProviderCase, StateCase, VisibilityLags } from './case.ts';
import { CALL_TIMEOUT_MS } from './faults.ts';

/** The 12 minutes of a creation at the vendor take less than 0.1 s. */
const SPEED = 10_000;

/** Shorter than in a plan, because many tests wait for their end, ms. A call takes less time than a claim. */
const CLAIM_MS = 2 * CALL_TIMEOUT_MS;
const LATE_CLUSTER_WINDOW_MS = 200;

/** One ledger for all tests of a file, used with the workers' rights. */
export interface Fixture {
  readonly ledger: Ledger;
  readonly providerLedger: ProviderLedger;
  /** Every simulator of the file. They stop together at its end: clients keep sockets to a port that is used again. */
  readonly benches: Bench[];
  close(): Promise<void>;
}

export async function openFixture({ name }: ProviderCase): Promise<Fixture> {
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

/** A simulator for one test, and the steps that a worker runs at it. */
export interface World extends Fixture, Bench {
  readonly case: ProviderCase;
  readonly timing: Timing;
  readonly steps: ProviderActivities;
  /** Opens the first creation of a new request. */
  open(options?: OpenOptions): Promise<Creation>;
}

export interface OpenOptions {
  readonly placement?: StateCase['placement'];
  readonly windowMs?: number;
}

export interface WorldOptions {
  readonly speed?: number;
  readonly lags?: VisibilityLags;
  readonly allowsDuplicateNames?: boolean;
}

/** Starts a new simulator. */
export async function createWorld(
  fixture: Fixture,
  providerCase: ProviderCase,
  { speed = SPEED, lags = {}, allowsDuplicateNames = false }: WorldOptions = {},
): Promise<World> {
  const bench = await providerCase.start({ speed, callTimeoutMs: CALL_TIMEOUT_MS, lags, allowsDuplicateNames });
  fixture.benches.push(bench);
  return worldOf(fixture, providerCase, bench, speed);
}

function worldOf(fixture: Fixture, providerCase: ProviderCase, bench: Bench, speed: number): World {
  const timing: Timing = { speed };
  return {
    ...fixture,
    ...bench,
    case: providerCase,
    timing,
    steps: providerActivities(bench.provider, fixture.providerLedger, timing),
    open: (options) => open(fixture, providerCase, speed, options),
  };
}

async function open(
  { ledger }: Fixture,
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
