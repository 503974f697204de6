import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../client/errors.ts';
import type { Check } from '../../contracts/health.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { aRequest } from '../builders/request.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const location = { provider: 'sagemaker', region: 'us-west-2' };
const failed = (checks: readonly Check[]): string[] =>
  checks.filter(({ state }) => state === 'failed').map(({ subject }) => subject);

describe('a health check', () => {
  it('finds workers, ledger and provider ok', async () => {
    const checks = await harness.muster.checkHealth([location]);
    expect(failed(checks)).toEqual([]);
    expect(checks.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(['ledger', 'ledger: migrations', 'ledger: books', 'sagemaker us-west-2: list']),
    );
  });

  it('shows a provider without a worker as unknown, and checks the rest', async () => {
    const checks = await harness.muster.checkHealth([{ provider: 'nonexistent', region: 'us-west-2' }]);
    expect(failed(checks)).toEqual([]);
    expect(checks.at(-1)).toMatchObject({ subject: 'worker of role nonexistent', state: 'unknown' });
    expect(checks.find(({ subject }) => subject === 'ledger')?.state).toBe('ok');
  });

  it('finds a changed function that was not applied, and books that do not agree', async () => {
    await harness.db.admin.query(
      "update muster_migrations.applied_file set hash = 'old ' || hash where name = 'functions/audit.sql'",
    );
    await harness.db.admin.query("insert into muster.balance (team, period, held_micros) values ('ghost', 'total', 5)");
    const checks = await harness.muster.checkHealth([]);
    expect(failed(checks)).toEqual(['ledger: migrations', 'ledger: books']);
    expect(checks.find(({ subject }) => subject === 'ledger: migrations')?.detail).toContain('functions/audit.sql');
    // Tests run in any order.
    await harness.db.admin.query("delete from muster.balance where team = 'ghost'");
    await harness.db.admin.query(
      "update muster_migrations.applied_file set hash = substr(hash, 5) where hash like 'old %'",
    );
    expect(failed(await harness.muster.checkHealth([]))).toEqual([]);
  });
});

describe('a dry run', () => {
  it('plans, checks budget and providers, and changes nothing in the ledger or at the provider', async () => {
    const { muster, control, ledger } = harness;
    const { plan, checks } = await muster.dryRun(aRequest('dry', ['us-west-2', 'us-east-1', 'us-west-2']));
    expect(plan.placements).toHaveLength(3);
    expect(failed(checks)).toEqual([]);
    expect(checks.filter(({ subject }) => subject.endsWith(': list'))).toHaveLength(2);
    const calls = new Set((await control.journal()).map(({ operation }) => operation));
    expect([...calls].filter((call) => !/^(List|Describe)/.test(call))).toEqual([]);
    expect(await ledger.readRequest('dry')).toMatchObject({ outcome: 'unknown', creation: null });
  });

  it('fails its check when the budget has no room', async () => {
    await harness.ledger.setBudget('poor', 'month', 1_000_000, 'test');
    const poor = await harness.muster.dryRun(aRequest('dear', ['us-west-2'], { team: 'poor' }));
    expect(failed(poor.checks)).toEqual(['budget of poor']);
    const none = await harness.muster.dryRun(aRequest('stray', ['us-west-2'], { team: 'unfunded' }));
    expect(failed(none.checks)).toEqual(['budget of unfunded']);
  });

  it('refuses an invalid request before it asks a worker', async () => {
    await expect(harness.muster.dryRun(aRequest('bad', ['moon']))).rejects.toBeInstanceOf(InvalidRequestError);
  });
});
