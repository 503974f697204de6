import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { disagreements, strayReport, type StrayReport } from '../../client/audits.ts';
import { auditText } from '../../client/command/print/audit.ts';
import { strayText } from '../../client/command/print/strays.ts';
import type { Audit, Finding, Stray, RegionAudit } from '../../contracts/findings.ts';
import { MAX_FINDINGS_PER_KIND } from '../../contracts/limits.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 21, 12);

const stray = (clusterId: string, more: Partial<Stray> = {}): Finding & Stray => ({
  kind: 'stray',
  provider: 'sagemaker',
  region: 'us-west-2',
  clusterId,
  name: `mu-of-${clusterId}`,
  state: 'ready',
  createdAtMs: NOW - 3 * HOUR_MS,
  hourlyMicros: 2_000_000,
  ...more,
});

const FINDINGS: readonly Finding[] = [
  { kind: 'changed', state: 'leased', key: 'mu-1', requestId: 'a', owner: 'cluster/a/1', observed: 'gone' },
  {
    kind: 'unowned',
    key: 'mu-2',
    requestId: 'b',
    state: 'leased',
    owner: 'cluster/b/1',
    epoch: 0,
    clusterId: null,
    remedy: 'start-lease',
  },
  {
    kind: 'unowned',
    key: 'mu-3',
    requestId: 'c',
    state: 'open',
    owner: 'provision/c',
    epoch: 0,
    clusterId: null,
    remedy: 'wait',
  },
  { kind: 'late-cluster', key: 'mu-4', requestId: 'd', clusterId: 'c-4' },
  stray('c-5'),
];

const auditRegion = (findings: readonly Finding[], more: Partial<RegionAudit> = {}): RegionAudit => ({
  provider: 'sagemaker',
  region: 'us-west-2',
  atMs: NOW,
  listed: 3,
  active: 2,
  findings,
  foreignClusters: 0,
  ...more,
});

const UNREACHABLE_LOCATION = { provider: 'tensorpool', region: 'global', why: 'no worker polls provider.tensorpool' };

const audit = (more: Partial<Audit> = {}): Audit => ({
  ledger: [],
  temporal: [],
  regions: [],
  unreachable: [],
  ...more,
});

describe('strays', () => {
  const text = (more: Partial<StrayReport>): string =>
    stripVTControlCharacters(
      strayText(
        { strays: [], more: false, searched: [auditRegion([])], unreachable: [], foreignClusters: 0, ...more },
        NOW,
      ),
    );

  it('are listed with the cost of each, and the price of all', () => {
    const shown = text({
      strays: [stray('c-1'), stray('c-2', { hourlyMicros: null }), stray('c-3', { createdAtMs: null })],
      foreignClusters: 2,
      unreachable: [UNREACHABLE_LOCATION],
    });
    expect(shown).toMatch(/^sagemaker +us-west-2 +c-1 +mu-of-c-1 +ready +3 h +\$2\.00 +\$6\.00$/m);
    expect(shown).toMatch(/^sagemaker +us-west-2 +c-2 .* 3 h +unknown +unknown$/m);
    expect(shown).toMatch(/^sagemaker +us-west-2 +c-3 .* unknown +\$2\.00 +unknown$/m);
    expect(shown).toContain('\n3 strays, $4.00/h not covered by a hold, 1 of unknown price\n');
    expect(shown).toContain('2 clusters of other installations.');
    expect(shown).toContain('tensorpool in global was not searched: no worker polls provider.tensorpool');
    expect(shown).toMatch(/Muster does not touch them\.[\s\S]*by hand[\s\S]*muster audit --rebuild/);
  });

  it('of unknown price are not shown as free', () => {
    expect(text({ strays: [stray('c-1', { hourlyMicros: null })] })).toContain('\n1 stray, 1 of unknown price\n');
  });

  it('are denied only for the locations that could be searched', () => {
    expect(text({})).toBe('No strays in sagemaker us-west-2.');
    expect(text({ searched: [], unreachable: [UNREACHABLE_LOCATION] })).toMatch(
      /^No location could be searched\.\ntensorpool in global was/,
    );
  });

  it('are collected from the findings of all regions', () => {
    const report = strayReport({
      regions: [
        auditRegion(FINDINGS, { foreignClusters: 1 }),
        auditRegion([], { region: 'us-east-1', foreignClusters: 2 }),
      ],
      unreachable: [UNREACHABLE_LOCATION],
    });
    expect(report.strays.map(({ clusterId }) => clusterId)).toEqual(['c-5']);
    expect(report).toMatchObject({ more: false, foreignClusters: 3, unreachable: [UNREACHABLE_LOCATION] });
    expect(report.searched).toEqual([
      { provider: 'sagemaker', region: 'us-west-2' },
      { provider: 'sagemaker', region: 'us-east-1' },
    ]);
  });

  it('may be more than an answer lists', () => {
    const many = Array.from({ length: MAX_FINDINGS_PER_KIND }, (_, index) => stray(`c-${index}`));
    expect(strayReport({ regions: [auditRegion(many)], unreachable: [] }).more).toBe(true);
  });
});

describe('an audit', () => {
  const text = (more: Partial<Audit>): string => stripVTControlCharacters(auditText(audit(more)));

  it('groups disagreements by location, and says what corrects each', () => {
    const all = { ledger: ['sums differ'], temporal: ['cluster/z/1 owns nothing'], regions: [auditRegion(FINDINGS)] };
    expect(disagreements(audit(all))).toBe(7);
    const lines = text(all).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      '✖ ledger',
      '    sums differ',
      '✖ Temporal',
      '    cluster/z/1 owns nothing',
      '✖ sagemaker in us-west-2  listed by the provider: 3, expected by the ledger: 2',
    ]);
    expect(lines.slice(5, 10)).toEqual([
      expect.stringMatching(/^ {4}a: mu-1 is gone, .*cluster\/a\/1.*the monitor notifies it$/),
      expect.stringMatching(/^ {4}b: mu-2 is leased .*cluster\/b\/1 does not run; the monitor starts its lease again$/),
      expect.stringMatching(/^ {4}c: mu-3 is open .*a new submit of the request can adopt it/),
      expect.stringMatching(/^ {4}d: c-4 carries the key mu-4,.*the monitor starts its cleanup$/),
      '    stray: c-5 (mu-of-c-5, ready) at $2.00/h; Muster does not touch it',
    ]);
    expect(lines.at(-1)).toBe('7 disagreements.');
  });

  it('says that all agree only when every location could be audited', () => {
    expect(text({ regions: [auditRegion([])] })).toMatch(
      /^✔ ledger\n✔ Temporal\n✔ sagemaker in us-west-2[\s\S]*\nAll agree\.$/,
    );
    expect(text({ unreachable: [UNREACHABLE_LOCATION] })).toMatch(
      /tensorpool in global was not searched: no worker[\s\S]*\nNo disagreement in the locations that could be audited\.$/,
    );
  });
});
