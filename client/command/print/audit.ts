import pc from 'picocolors';
import type { Audit, Finding, RegionAudit } from '../../../contracts/findings.ts';
import { formatMicros } from '../../../contracts/money.ts';
import { disagreements } from '../../audits.ts';
import { othersText, unreachableText } from './strays.ts';

/** Every disagreement, in sections: inside the ledger, with Temporal, and with each location. */
export function auditText(audit: Audit): string {
  const count = disagreements(audit);
  const summary =
    count > 0
      ? pc.red(`${count} disagreement${count === 1 ? '' : 's'}.`)
      : audit.unreachable.length > 0
        ? pc.yellow('No disagreement in the locations that could be audited.')
        : pc.green('All agree.');
  return [
    section('ledger', audit.ledger),
    section('Temporal', audit.temporal),
    ...audit.regions.map(regionText),
    ...audit.unreachable.map(unreachableText),
    '',
    summary,
  ].join('\n');
}

const section = (title: string, sentences: readonly string[], note = ''): string =>
  [
    `${sentences.length === 0 ? pc.green('✔') : pc.red('✖')} ${pc.bold(title)}${note && `  ${pc.dim(note)}`}`,
    ...sentences.map((sentence) => `    ${sentence}`),
  ].join('\n');

function regionText({ provider, region, listed, active, findings, foreignClusters }: RegionAudit): string {
  const others = foreignClusters === 0 ? '' : `; ${othersText(foreignClusters)}`;
  const note = `listed by the provider: ${listed}, expected by the ledger: ${active}${others}`;
  return section(`${provider} in ${region}`, findings.map(findingText), note);
}

/** A disagreement as a sentence, with what corrects it. */
function findingText(finding: Finding): string {
  switch (finding.kind) {
    case 'changed':
      return (
        `${finding.requestId}: ${finding.key} is ${finding.observed}, which its owner ${finding.owner} has not recorded; ` +
        'the monitor notifies it'
      );
    case 'unowned':
      return (
        `${finding.requestId}: ${finding.key} is ${finding.state} and its owner ${finding.owner} does not run; ` +
        remedyOf(finding)
      );
    case 'orphaned-wait':
      return `${finding.requestId}: ${finding.owner} waits for a creation that has ended; the monitor notifies it`;
    case 'late-cluster':
      return (
        `${finding.requestId}: ${finding.clusterId} carries the key ${finding.key}, which has ended or has another cluster; ` +
        'the monitor starts its cleanup'
      );
    case 'stray': {
      const price = finding.hourlyMicros === null ? 'an unknown price' : `${formatMicros(finding.hourlyMicros)}/h`;
      return `stray: ${finding.clusterId} (${finding.name}, ${finding.state}) at ${price}; Muster does not touch it`;
    }
  }
}

const remedyOf = ({ remedy, state, requestId }: Extract<Finding, { kind: 'unowned' }>): string =>
  remedy === 'rebuild' && state === 'leased'
    ? `the ledger was restored from a backup from before the end of its lease: muster release ${requestId}`
    : REMEDIES[remedy];

const REMEDIES = {
  'start-lease': 'the monitor starts its lease again',
  'start-cleanup': 'the monitor starts its cleanup',
  rebuild: 'the ledger was restored from a backup from before its lease: muster audit --rebuild',
  wait: 'a new submit of the request can adopt it; otherwise the monitor starts its cleanup',
} as const;
