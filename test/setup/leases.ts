import { defineSearchAttributeKey } from '@temporalio/common';
import type { Creation } from '../../contracts/creation.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import type { Workflows } from '../../contracts/messages.ts';
import { QUEUES } from '../../contracts/queues.ts';
import type { SearchAttributeName } from '../../contracts/search-attributes.ts';
import type { Harness } from './harness.ts';
import { aRequest } from '../builders/request.ts';
import { until } from './until.ts';

/** Makes a team for one test, which may change the team's limit. */
export const teamOf = async ({ ledger }: Harness, name: string): Promise<string> => {
  await ledger.setBudget(name, 'total', 10_000_000_000_000, 'test');
  return name;
};

/** Submits a request and waits until its cluster is leased. */
export async function leased(harness: Harness, requestId: string, more: object = {}): Promise<Creation> {
  await harness.muster.submit(aRequest(requestId, ['us-west-2'], more));
  await harness.muster.result(requestId);
  return latest(harness, requestId);
}

/** The request's last creation. */
export async function latest({ ledger }: Harness, requestId: string): Promise<Creation> {
  const creation = (await ledger.receipt(requestId)).creations.at(-1);
  if (creation === undefined) throw new Error(`${requestId} has no creation`);
  return creation;
}

export const untilState = (harness: Harness, requestId: string, state: Creation['state']): Promise<Creation> =>
  until(
    async () => {
      const creation = await latest(harness, requestId);
      return creation.state === state && creation;
    },
    { what: `${requestId} ${state}` },
  );

/** Moves the end of a lease near, because no test can wait for a day, and restarts the lease's workflow. */
export async function cutShort(
  harness: Harness,
  requestId: string,
  { leftMs, sliceMs = leftMs }: { leftMs: number; sliceMs?: number },
): Promise<Creation> {
  const { number } = await latest(harness, requestId);
  await harness.db.admin.query(
    `update muster.creation set lease_until_ms = muster.now_ms() + $2::bigint,
      terms = terms || jsonb_build_object('sliceMs', $3::bigint) where request_id = $1 and state = 'leased'`,
    [requestId, leftMs, sliceMs],
  );
  const workflowId = leaseWorkflowId(requestId, number);
  await harness.client.workflow.getHandle(workflowId).terminate('the test has moved its end');
  const creation = await latest(harness, requestId);
  await harness.client.workflow.start<Workflows['leaseCluster']>('leaseCluster', {
    workflowId,
    taskQueue: QUEUES.provisioning,
    args: [{ creation }],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  return creation;
}

/** The value of a lease's search attribute. */
async function attributeOf(
  { client }: Harness,
  { requestId, number }: Creation,
  name: SearchAttributeName,
): Promise<string | undefined> {
  const { typedSearchAttributes } = await client.workflow.getHandle(leaseWorkflowId(requestId, number)).describe();
  return typedSearchAttributes.get(defineSearchAttributeKey(name, 'KEYWORD'));
}

/** Waits until a lease's search attributes show this phase and this reason; null for no reason. */
export const untilShown = (harness: Harness, creation: Creation, phase: string, reason: string | null): Promise<true> =>
  until(
    async () => {
      const shown = [
        await attributeOf(harness, creation, 'MusterPhase'),
        (await attributeOf(harness, creation, 'MusterReason')) ?? null,
      ];
      if (shown[0] === phase && shown[1] === reason) return true as const;
      throw new Error(shown.join(' '));
    },
    { what: `${creation.requestId} ${phase} ${reason ?? ''}` },
  );
