import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FailureType } from '../../contracts/failures.ts';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { planOf } from '../../client/submit.ts';
import type { FaultRuleInput } from '../../simulators/index.ts';
import { untilClosed, untilPending } from '../setup/workflow-runs.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { aRequest } from '../builders/request.ts';
import { breakFunction } from '../setup/ledger-faults.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';

const HOUR_MS = 3_600_000;

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const newId = (): string => `step-${randomUUID().slice(0, 8)}`;

async function failureType(requestId: string): Promise<FailureType | undefined> {
  return harness.muster.result(requestId).then(
    () => undefined,
    (error: unknown) => (error as { type: FailureType }).type,
  );
}

/** Faults of the create that end the request, and the failure type. */
const ENDS: readonly [string, FaultRuleInput['fault'], FailureType][] = [
  ['a quota', { kind: 'error', type: 'ResourceLimitExceeded' }, 'QuotaExceeded'],
  ['a refusal', { kind: 'error', type: 'ValidationException' }, 'ProviderRejected'],
  ['missing rights', { kind: 'error', type: 'AccessDeniedException' }, 'Unauthorized'],
  ['an error that nobody knows', { kind: 'error', type: 'BrandNewException' }, 'Unknown'],
  ['no capacity after it was accepted', { kind: 'no-capacity' }, 'InsufficientCapacity'],
  ['a failure after it was accepted', { kind: 'fails' }, 'ClusterFailed'],
  ['a vanished cluster', { kind: 'vanish', afterMs: 300 }, 'ClusterFailed'],
];

/** Faults of the create after which a later attempt succeeds. */
const PASSES: readonly [string, FaultRuleInput['fault']][] = [
  ['throttling', { kind: 'throttle' }],
  ['throttling with a hint', { kind: 'throttle', retryAfterSeconds: 1, status: 429 }],
  ['a reset before the effect', { kind: 'reset', when: 'before' }],
  ['a reset after the effect', { kind: 'reset', when: 'after' }],
  ['a reply cut short', { kind: 'truncate' }],
  ['an empty reply', { kind: 'empty' }],
  ['a page of HTML', { kind: 'html', when: 'after' }],
  ['a hang until the call times out', { kind: 'hang', when: 'after' }],
  ['a delivery that happens twice', { kind: 'duplicate' }],
  [
    'a role that is not known yet',
    { kind: 'error', type: 'ValidationException', message: 'SageMaker cannot assume the execution role' },
  ],
];

describe('createCluster', { concurrent: false }, () => {
  for (const [name, fault, type] of ENDS) {
    it(`that meets ${name} ends the request with ${type}, and holds nothing`, async () => {
      const requestId = newId();
      await harness.control.addFaults({ operation: 'CreateCluster', fault });
      await harness.muster.submit(aRequest(requestId));
      expect(await failureType(requestId)).toBe(type);
      await expectNothingLeft(harness, requestId);
    });
  }

  for (const [name, fault] of PASSES) {
    it(`succeeds after ${name}, with one cluster`, async () => {
      const requestId = newId();
      await harness.control.addFaults({ operation: 'CreateCluster', fault });
      await harness.muster.submit(aRequest(requestId));
      expect(await failureType(requestId)).toBeUndefined();
      const { clusters } = await expectLeased(harness, requestId);
      expect(clusters).toHaveLength(1);
    });
  }

  it("that meets a stranger's cluster with its key parks as NameTaken and does not touch the cluster", async () => {
    const requestId = newId();
    // Only the ledger knows the key. A first run of the same request shows it.
    const { plan } = planOf(aRequest(requestId));
    const placement = plan.placements[0];
    if (placement === undefined) throw new Error('no placement');
    const { creation } = await harness.ledger.openCreation({
      ...plan,
      owner: requestWorkflowId(requestId),
      version: 0,
      placement,
    });
    const name = creation?.key ?? '';
    await harness.control.seedCluster({ region: 'us-west-2', name, tags: { 'muster:key': 'somebody-else' } });
    await harness.muster.submit(aRequest(requestId));
    expect(await failureType(requestId)).toBe('NameTaken');
    expect((await harness.control.clusters({ live: true })).map((cluster) => cluster.name)).toContain(name);
    expect((await harness.ledger.receipt(requestId)).creations[0]?.state).toBe('absent');
    expect(await harness.ledger.audit()).toEqual([]);
  });
});

describe('waiting', { concurrent: false }, () => {
  it('closes the creation after its deadline and tries the next placement', async () => {
    const requestId = newId();
    await harness.control.addFaults({
      operation: 'CreateCluster',
      match: { region: 'us-east-1' },
      fault: { kind: 'slow', extraMs: 90_000 },
    });
    await harness.db.admin.query(SHORT_DEADLINE);
    await harness.muster.submit(aRequest(requestId, ['us-east-1', 'us-west-2'], { readyTimeoutMs: 60_000 }));
    await untilPending(harness.client, requestWorkflowId(requestId), 'makeAbsent', 2);
    await harness.control.advance(90_000);
    expect(await failureType(requestId)).toBeUndefined();
    await harness.db.admin.query(NORMAL_DEADLINE);
    const { creations } = await expectLeased(harness, requestId);
    expect(creations.map(({ why, state }) => [state, why])).toEqual([
      ['absent', 'ReadinessDeadlineExceeded'],
      ['leased', null],
    ]);
  });

  it('goes on after its reads were throttled', async () => {
    const requestId = newId();
    for (const operation of ['DescribeCluster', 'ListClusterNodes', 'DescribeClusterNode']) {
      await harness.control.addFaults({ operation, fault: { kind: 'throttle' } });
    }
    await harness.muster.submit(aRequest(requestId));
    expect(await failureType(requestId)).toBeUndefined();
    await expectLeased(harness, requestId);
  });
});

describe('compensation', { concurrent: false }, () => {
  it('goes on after errors, missing rights and conflicts until nothing is left', async () => {
    const requestId = newId();
    await harness.control.addFaults(
      { operation: 'CreateCluster', fault: { kind: 'fails' } },
      { operation: 'DeleteCluster', fault: { kind: 'error', type: 'AccessDeniedException' } },
      { operation: 'DeleteCluster', fault: { kind: 'error', type: 'ConflictException' } },
      { operation: 'DeleteCluster', fault: { kind: 'error', type: 'BrandNewException' } },
      { operation: 'DeleteCluster', fault: { kind: 'reset', when: 'before' } },
    );
    await harness.muster.submit(aRequest(requestId));
    expect(await failureType(requestId)).toBe('ClusterFailed');
    await expectNothingLeft(harness, requestId);
  });

  it('waits for the whole window of a send without a reply, and deletes the late cluster', async () => {
    const requestId = newId();
    await harness.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'late-cluster', afterMs: 1_200 } });
    await harness.muster.submit(aRequest(requestId));
    await untilPending(harness.client, requestWorkflowId(requestId), 'createCluster');
    await harness.muster.cancel(requestId);
    expect(await untilClosed(harness.client, requestWorkflowId(requestId))).toBe('CANCELLED');
    await harness.control.advance(HOUR_MS);
    await expectNothingLeft(harness, requestId);
  });
});

describe('a ledger step that fails', { concurrent: false }, () => {
  for (const [name, activity, fails] of [
    ['open_creation', 'openCreation', false],
    ['lease', 'lease', false],
    ['begin_closing', 'beginClosing', true],
    ['settle', 'settle', true],
    ['end_request', 'endRequest', true],
    ['claim_send', 'createCluster', false],
    ['release_send', 'createCluster', false],
  ] as const) {
    it(`${name}: is tried until the ledger works again, and nothing is lost`, async () => {
      const requestId = newId();
      if (fails) await harness.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'fails' } });
      const fix = await breakFunction(harness.db, name);
      await harness.muster.submit(aRequest(requestId));
      await untilPending(harness.client, requestWorkflowId(requestId), activity, 2).finally(fix);
      expect(await failureType(requestId)).toBe(fails ? 'ClusterFailed' : undefined);
      const { clusters } = await (fails ? expectNothingLeft : expectLeased)(harness, requestId);
      expect(clusters).toHaveLength(1);
    });
  }
});

/** A request's shortest deadline is a minute. This ledger answers with a shorter one. */
const SHORT_DEADLINE = `create or replace function test_short_deadline() returns trigger language plpgsql as $$
  begin if new.region = 'us-east-1' then new.ready_timeout_ms := 1500; end if; return new; end $$;
  create trigger test_short_deadline before insert on muster.creation for each row execute function test_short_deadline()`;
const NORMAL_DEADLINE = 'drop trigger test_short_deadline on muster.creation';
