import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { NotFoundError } from '../../client/errors.ts';
import type { ListFilter } from '../../client/list-query.ts';
import type { ListedRequest } from '../../client/list.ts';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { command, type CommandResult } from '../setup/command.ts';
import { untilClosed, untilWaiting } from '../setup/workflow-runs.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { aRequest } from '../builders/request.ts';
import { until } from '../setup/until.ts';
import { PLACEMENT } from '../ledger/kit.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
  await harness.ledger.setBudget('artists', 'month', 10_000_000_000_000, 'test');
});
afterAll(() => harness.stop());

const HOUR_MS = 3_600_000;

/** Runs the command against the harness's namespace. */
const muster = (...args: string[]): Promise<CommandResult> =>
  command(args, {
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: harness.client.options.namespace,
    MUSTER_UI_URL: 'http://ui.example/',
  });

const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await muster('--json', ...args)).stdout) as T;

/** A request that fails at once, in a region that no other test uses: the fault is for it alone. */
async function failed(requestId: string): Promise<void> {
  await harness.control.addFaults({
    operation: 'CreateCluster',
    match: { region: 'us-east-2' },
    fault: { kind: 'error', type: 'ResourceLimitExceeded' },
  });
  await harness.muster.submit(aRequest(requestId, ['us-east-2']));
  expect(await untilClosed(harness.client, requestWorkflowId(requestId))).toBe('FAILED');
}

/** A request whose cluster takes longer than any test, in a region that no other test uses. */
async function waiting(requestId: string): Promise<void> {
  await harness.control.addFaults({
    operation: 'CreateCluster',
    match: { region: 'us-east-1' },
    fault: { kind: 'slow', extraMs: HOUR_MS },
  });
  await harness.muster.submit(aRequest(requestId, ['us-east-1'], { team: 'artists' }));
  await untilWaiting(harness.client, requestWorkflowId(requestId));
}

/** Visibility shows a change a moment later. */
const listed = (requestId: string, filter: ListFilter, wanted: Partial<ListedRequest>): Promise<ListedRequest> =>
  until(
    async () => {
      const row = (await harness.muster.list(filter)).requests.find((each) => each.requestId === requestId);
      if (row !== undefined) expect(row).toMatchObject(wanted);
      return row;
    },
    { what: `${requestId} in the list` },
  );

const isListed = async (requestId: string, filter: ListFilter): Promise<boolean> =>
  (await harness.muster.list(filter)).requests.some((each) => each.requestId === requestId);

describe('a list', () => {
  it('shows the state of the lease of a ready request', async () => {
    await harness.muster.submit(aRequest('used'));
    await harness.muster.result('used');
    await listed(
      'used',
      { phases: ['ready'] },
      { phase: 'ready', lease: 'leased', region: 'us-west-2', team: 'research' },
    );
    await harness.muster.release('used');
    await listed('used', { phases: ['ready'] }, { phase: 'ready', lease: 'released' });
  });

  it('shows only the latest run of a request, also when only an older run matches the filter', async () => {
    await failed('twice');
    await listed('twice', { phases: ['failed'] }, { phase: 'failed', reason: 'QuotaExceeded' });
    await harness.muster.submit(aRequest('twice', ['us-east-2']), { again: true });
    await harness.muster.result('twice');
    await listed('twice', {}, { phase: 'ready' });
    expect((await harness.muster.list()).requests.filter(({ requestId }) => requestId === 'twice')).toHaveLength(1);
    expect(await isListed('twice', { phases: ['failed'] })).toBe(false);
    expect(await isListed('twice', { reason: 'QuotaExceeded' })).toBe(false);
  });

  it('does not show a terminated run in its last phase', async () => {
    await waiting('stopped');
    await listed(
      'stopped',
      { phases: ['waiting'], team: 'artists', running: true },
      { phase: 'waiting', run: 'RUNNING' },
    );
    await harness.client.workflow.getHandle(requestWorkflowId('stopped')).terminate('test');
    await listed('stopped', { stopped: true }, { phase: null, lastPhase: 'waiting', run: 'TERMINATED' });
    expect(await isListed('stopped', { phases: ['waiting'] })).toBe(false);
    expect(await isListed('stopped', { running: true })).toBe(false);
    expect((await muster('list', '--stopped')).stdout).toMatch(/^stopped +terminated \(was waiting\)/m);
    expect((await muster('status', 'stopped')).stdout).toContain('terminated (was waiting)');
  });

  it('says when there are more than it shows', async () => {
    await failed('more-1');
    await failed('more-2');
    await listed('more-1', {}, {});
    const { requests, more } = await harness.muster.list({ limit: 1 });
    expect(requests).toHaveLength(1);
    expect(more).toBe(true);
    expect((await muster('list', '--limit', '1')).stdout).toContain('there are more');
    expect((await harness.muster.list({ sinceMs: Date.now() + HOUR_MS })).requests).toEqual([]);
  });
});

describe('a description', () => {
  it('shows every creation and its end, why placements were skipped, and the timeline', async () => {
    await harness.control.addFaults({
      operation: 'CreateCluster',
      match: { region: 'us-east-2' },
      fault: { kind: 'error', type: 'ResourceLimitExceeded' },
    });
    await harness.muster.submit(aRequest('described', ['us-east-2', 'us-west-2']));
    await harness.muster.result('described');
    const { code, stdout } = await muster('describe', 'described');
    expect(code).toBe(0);
    const { creations } = (await harness.muster.describe('described')).record ?? { creations: [] };
    expect(creations.map(({ state }) => state)).toEqual(['refused', 'leased']);
    for (const { key } of creations) expect(stdout).toContain(key);
    expect(stdout).toMatch(/Skipped placements\n +1\. sagemaker in us-east-2: QuotaExceeded/);
    expect(stdout).toMatch(/Timeline\n[\s\S]*leased/);
    expect(stdout).toMatch(/lease page +http:\/\/ui\.example\/namespaces\/.*cluster%2Fdescribed%2F2/);
    expect(stdout).toMatch(/Next\n +muster release described/);
  });

  it('of a request that Temporal has forgotten comes from the ledger', async () => {
    const owner = requestWorkflowId('forgotten');
    const opening = {
      requestId: 'forgotten',
      bodyHash: 'body',
      team: 'research',
      owner,
      version: 0,
      placement: PLACEMENT,
    };
    const { creation } = await harness.ledger.openCreation(opening);
    if (creation === null) throw new Error('no creation was opened');
    await harness.ledger.beginClosing(creation.key, owner, creation.epoch, 'ClusterFailed', 'broken');
    await harness.ledger.settle(creation.key, { claims: 0, goneAtMs: Date.now() }, 'test');
    await harness.ledger.endRequest('forgotten', 'failed');

    const report = await harness.muster.describe('forgotten');
    expect(report.run).toBeNull();
    expect(report.record).toMatchObject({ outcome: 'failed', creations: [{ state: 'absent', why: 'ClusterFailed' }] });
    expect(report.timeline.map(({ what }) => what)).toEqual([
      'registered in the ledger',
      expect.stringMatching(/^opened mu-/),
      expect.stringMatching(/absent: ClusterFailed$/),
      'failed',
    ]);
    expect((await muster('describe', 'forgotten')).stdout).toContain('Temporal has no run of it');
  });

  it('of an unknown id is an error that names Temporal and the ledger', async () => {
    await expect(harness.muster.describe('never')).rejects.toBeInstanceOf(NotFoundError);
    expect(await muster('describe', 'never')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/neither Temporal nor the ledger[\s\S]*next: muster list/) as string,
    });
  });
});

describe('budgets', () => {
  it('are set, and shown one by one or together', async () => {
    expect((await muster('budget', 'set', 'painters', '--limit', '12.50', '--period', 'month')).code).toBe(0);
    expect(await json('budget', 'show', 'painters')).toMatchObject({ period: 'month', limitMicros: 12_500_000 });
    const all = await json<{ budgets: { team: string }[] }>('budget', 'show');
    expect(all.budgets.map(({ team }) => team)).toEqual(expect.arrayContaining(['painters', 'research']));
    expect((await muster('budget', 'show')).stdout).toMatch(/^painters +\$12\.50 a month/m);
  });

  it('have a journal that is read page by page', async () => {
    for (const usd of [1, 2, 3]) await harness.muster.setBudget('writers', 'total', usd * 1_000_000);
    const first = await json<{ lines: { amountMicros: number }[]; next: number }>(
      ...['budget', 'journal', 'writers', '--limit', '2'],
    );
    expect(first.lines.map(({ amountMicros }) => amountMicros)).toEqual([3_000_000, 2_000_000]);
    const older = await json('budget', 'journal', 'writers', '--limit', '2', '--before', String(first.next));
    expect(older).toMatchObject({ lines: [{ amountMicros: 1_000_000, kind: 'limit' }], next: null });
  });

  it('of a team without one are an error that says how to set it', async () => {
    for (const word of ['show', 'journal']) {
      expect(await muster('budget', word, 'unfunded')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('next: muster budget set unfunded --limit') as string,
      });
    }
  });

  it('are not set for an invalid team name', async () => {
    expect((await muster('budget', 'set', 'No Team', '--limit', '5')).code).toBe(2);
    expect((await harness.muster.budgets()).budgets.map(({ team }) => team)).not.toContain('No Team');
  });
});

describe('commands', () => {
  it('exit with 3 when the namespace does not exist', async () => {
    const ended = await command(['list'], {
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: 'nowhere',
    });
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining('no namespace "nowhere"') as string });
  });

  it('refuse an invalid id, and record no cancel for it', async () => {
    expect((await muster('cancel', 'No Request')).code).toBe(2);
    expect(await harness.ledger.reports.readRecord({ requestId: 'No Request' })).toBeNull();
  });

  it('complete ids and teams from the server', async () => {
    await harness.muster.submit(aRequest('suggested'));
    await harness.muster.result('suggested');
    await listed('suggested', { phases: ['ready'] }, { lease: 'leased' });
    expect((await muster('complete', '--', 'release', 'sugg')).stdout).toBe('suggested\tready\n:4\n');
    expect((await muster('complete', '--', 'watch', 'sugg')).stdout).toBe('suggested\tready\n:4\n');
    expect((await muster('complete', '--', 'cancel', 'sugg')).stdout).toBe(':4\n');
    expect((await muster('complete', '--', 'budget', 'show', 'res')).stdout).toBe('research\tteam\n:4\n');
  });
});
