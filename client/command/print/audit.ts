import pc from 'picocolors';
import type { Audit, Finding, RegionAudit } from '../../../contracts/findings.ts';
import { formatMicros } from '../../../contracts/money.ts';
import { disagreements } from '../../audits.ts';
import { othersText, unseenText } from './strays.ts';

/** Every disagreement, by who disagrees with the ledger: itself, Temporal, and each place. */
export function auditText(audit: Audit): string {
  const found = disagreements(audit);
  const end =
    found > 0
      ? pc.red(`${found} disagreement${found === 1 ? '' : 's'}.`)
      : audit.unreachable.length > 0
        ? pc.yellow('No disagreement where it was possible to look.')
        : pc.green('All agree.');
  return [
    section('ledger', audit.ledger),
    section('Temporal', audit.temporal),
    ...audit.regions.map(surveyText),
    ...audit.unreachable.map(unseenText),
    '',
    end,
  ].join('\n');
}

const section = (title: string, sentences: readonly string[], note = ''): string =>
  [
    `${sentences.length === 0 ? pc.green('✔') : pc.red('✖')} ${pc.bold(title)}${note && `  ${pc.dim(note)}`}`,
    ...sentences.map((sentence) => `    ${sentence}`),
  ].join('\n');

function surveyText({ provider, region, listed, active, findings, foreignClusters }: RegionAudit): string {
  const others = foreignClusters === 0 ? '' : `; ${othersText(foreignClusters)}`;
  const note = `listed by it: ${listed}, expected by the ledger: ${active}${others}`;
  return section(`${provider} in ${region}`, findings.map(findingText), note);
}

/** A disagreement as a sentence, with who puts it right. */
function findingText(finding: Finding): string {
  switch (finding.kind) {
    case 'changed':
      return (
        `${finding.requestId}: ${finding.key} is ${finding.observed}, which its owner ${finding.owner} has not recorded; ` +
        'the monitor tells it'
      );
    case 'unowned':
      return (
        `${finding.requestId}: ${finding.key} is ${finding.state} and its owner ${finding.owner} does not run; ` +
        remedyOf(finding)
      );
    case 'orphaned-wait':
      return `${finding.requestId}: ${finding.owner} waits for a creation that has ended; the monitor tells it`;
    case 'late-cluster':
      return (
        `${finding.requestId}: ${finding.clusterId} lives under ${finding.key}, which has ended or has another cluster; ` +
        'the monitor starts its cleanup'
      );
    case 'stray': {
      const price = finding.hourlyMicros === null ? 'an unknown price' : `${formatMicros(finding.hourlyMicros)}/h`;
      return `stray: ${finding.clusterId} (${finding.name}, ${finding.state}) at ${price}; nothing touches it`;
    }
  }
}

const remedyOf = ({ remedy, state, requestId }: Extract<Finding, { kind: 'unowned' }>): string =>
  remedy === 'rebuild' && state === 'leased'
    ? `its lease had ended, and the ledger was set back to before that: muster release ${requestId}`
    : REMEDIES[remedy];

const REMEDIES = {
  'start-lease': 'the monitor starts its lease again',
  'start-cleanup': 'the monitor starts its cleanup',
  rebuild: 'the ledger was set back to before its lease: muster audit --rebuild',
  wait: 'a submit of the request may yet take it up, else the monitor starts its cleanup',
} as const;
