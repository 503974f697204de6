import { describe, expect, it } from 'vitest';
import { InvalidFilterError, listQuery, mayHideLatest, type ListFilter } from '../../client/list-query.ts';

describe('the query of a list', () => {
  it('matches requests only', () => {
    expect(listQuery({})).toBe(`WorkflowType = 'provisionCluster'`);
  });

  it('matches an active phase only in running runs, and an ended one by how the run closed', () => {
    expect(listQuery({ phases: ['waiting', 'failed'] })).toBe(
      `WorkflowType = 'provisionCluster' AND ((MusterPhase = 'waiting' AND ExecutionStatus = 'Running') OR ExecutionStatus = 'Failed')`,
    );
  });

  it('combines all filters', () => {
    const query = listQuery({
      team: 'research',
      provider: 'sagemaker',
      region: 'us-west-2',
      reason: 'BudgetExceeded',
      sinceMs: 0,
      running: true,
    });
    expect(query.split(' AND ').slice(1)).toEqual([
      `MusterTeam = 'research'`,
      `MusterProvider = 'sagemaker'`,
      `MusterRegion = 'us-west-2'`,
      `MusterReason = 'BudgetExceeded'`,
      `StartTime >= '1970-01-01T00:00:00.000Z'`,
      `ExecutionStatus = 'Running'`,
    ]);
  });

  const foreign = `x' OR 'a' = 'a`;
  it.each<[string, ListFilter]>([
    ['team', { team: foreign }],
    ['provider', { provider: foreign }],
    ['region', { region: foreign }],
    ['reason', { reason: foreign as 'Unknown' }],
    ['phase', { phases: [foreign as 'ready'] }],
  ])('refuses a %s with a quote in it, and names it', (option, filter) => {
    expect(() => listQuery(filter)).toThrow(InvalidFilterError);
    expect(() => listQuery(filter)).toThrow(`${option}: "${foreign}"`);
  });

  it('refuses a failure that a request never shows', () => {
    expect(() => listQuery({ reason: 'Throttled' })).toThrow(/reason: "Throttled".*must be one of .*BudgetExceeded/);
  });

  it.each<[ListFilter, boolean]>([
    [{}, false],
    [{ running: true, sinceMs: 5 }, false],
    [{ stopped: true }, true],
    [{ phases: ['failed'] }, true],
    [{ reason: 'Unknown' }, true],
  ])('knows whether %j may hide the latest run of a request', (filter, mayHide) => {
    expect(mayHideLatest(filter)).toBe(mayHide);
  });
});
