import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { clustersText } from '../../client/command/print/clusters.ts';
import { extensionText } from '../../client/command/print/extension.ts';
import type { Creation } from '../../contracts/creation.ts';
import type { LiveCluster } from '../../contracts/reports.ts';
import { aCreation, leaseTerms } from '../builders/creation.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 21, 12);

/** A cluster of 2 USD an hour that is 90 minutes old. */
function cluster(requestId: string, more: Partial<Creation> = {}, createdAtMs: number | null = NOW - 1.5 * HOUR_MS) {
  const creation = aCreation({
    requestId,
    hourlyMicros: 2_000_000,
    holdMicros: 10_000_000,
    leaseUntilMs: NOW + 5 * HOUR_MS,
    terms: leaseTerms({ durationMs: 6 * HOUR_MS }),
    ...more,
  });
  return { creation, createdAtMs } satisfies LiveCluster;
}

const openEnded = leaseTerms({ durationMs: null });

/** Lines without colours, with a bar between columns. */
const linesOf = (clusters: readonly LiveCluster[], more = false): string[] =>
  stripVTControlCharacters(clustersText({ clusters, more }, NOW))
    .split('\n')
    .map((line) => line.replaceAll(/ {2,}/g, ' | '));

describe('a table of clusters', () => {
  it('shows the state, the end and the cost of each, and the total price', () => {
    expect(linesOf([cluster('a'), cluster('b', { team: 'artists', hourlyMicros: 500_000 })])).toEqual([
      'request | team | location | price/h | state | age | lease | cost so far',
      'a | research | sagemaker us-west-2 | $2.00 | leased | 90 min | ends in 5 h | $3.00',
      'b | artists | sagemaker us-west-2 | $0.50 | leased | 90 min | ends in 5 h | $0.75',
      '2 clusters, $2.50/h',
    ]);
  });

  it.each<[string, Partial<Creation>, string]>([
    ['ends soon', { leaseUntilMs: NOW + 50 * 60_000 }, 'leased | 90 min | ends in 50 min'],
    ['has no end', { terms: openEnded }, 'leased | 90 min | funded until 2026-11-21 17:00:00Z'],
    ['has no condition yet', { condition: null }, 'leased | 90 min | ends in 5 h'],
    ['is past its end', { leaseUntilMs: NOW - 1 }, 'leased | 90 min | ends now'],
    ['lacks nodes', { condition: 'degraded' }, 'degraded | 90 min | ends in 5 h'],
    ['failed', { condition: 'failed' }, 'failed | 90 min | ends in 5 h'],
    ['vanished', { condition: 'gone' }, 'gone | 90 min | ends in 5 h'],
    ['is being released', { state: 'closing', condition: 'failed' }, 'releasing | 90 min | $3.00'],
  ])('shows a cluster that %s: %j', (_, more, text) => {
    expect(linesOf([cluster('a', more)]).at(1)).toContain(` | ${text}`);
  });

  it('counts no cost of a cluster after it vanished', () => {
    const gone = cluster('a', { condition: 'gone', conditionAtMs: NOW - HOUR_MS });
    expect(linesOf([gone, cluster('b')])).toEqual([
      expect.anything(),
      expect.stringMatching(/ gone \| 90 min \| .* \| \$1\.00$/),
      expect.anything(),
      '2 clusters, $2.00/h',
    ]);
  });

  it('shows age 0 for a cluster whose provider has a faster clock', () => {
    expect(linesOf([cluster('a', {}, NOW + HOUR_MS)]).at(1)).toMatch(/leased \| 0 s \| ends in 5 h \| \$0\.00$/);
  });

  it('shows what is not known as unknown', () => {
    expect(linesOf([cluster('a', {}, null)]).at(1)).toMatch(/leased \| unknown \| ends in 5 h \| unknown$/);
  });

  it('says when there are more clusters, and when there are none', () => {
    expect(linesOf([cluster('a')], true).at(-1)).toContain('--team');
    expect(linesOf([])).toEqual(['No live clusters. muster list shows requests in progress.']);
  });
});

describe('an extension', () => {
  const text = (moreMicros: number | null): string =>
    stripVTControlCharacters(extensionText(cluster('a').creation, moreMicros, NOW));

  it('shows the new end and by how much the hold grew', () => {
    expect(text(4_000_000)).toMatch(
      /^a {2}extended\n {2}ends {2}2026-11-21 17:00:00Z, in 5 h\n {2}held {2}\$10\.00, \$4\.00 more than before$/,
    );
  });

  it('shows the hold alone when the hold before is not known', () => {
    expect(text(null)).toMatch(/held {2}\$10\.00$/);
  });
});
