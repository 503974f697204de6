import { Command } from 'commander';
import type { Audit } from '../../../contracts/findings.ts';
import type { Location } from '../../../contracts/health.ts';
import { disagreements, strayReport } from '../../audits.ts';
import type { Muster } from '../../muster.ts';
import { confirmAt } from '../confirm.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit.ts';
import { examples, GROUPS } from '../help.ts';
import { auditText } from '../print/audit.ts';
import { rebuild, type Lost, type Rebuilt } from '../rebuild.ts';
import { UsageError } from '../usage.ts';
import { placeOption } from './strays.ts';

interface Options {
  readonly location?: readonly Location[];
  readonly rebuild?: boolean;
  readonly yes?: boolean;
}

export const auditCommand = ({ show, withMuster }: CommandContext): Command =>
  new Command('audit')
    .description('compare the ledger with itself, with Temporal and with every provider')
    .helpGroup(GROUPS.clusters)
    .addOption(placeOption())
    .option('--rebuild', 'put back what the ledger has lost, from what Temporal remembers of it; asks before each')
    .option('--yes', 'with --rebuild: take every answer for a yes')
    .addHelpText(
      'after',
      examples(['muster audit', 'changes nothing'], 'muster audit --location sagemaker/us-west-2', [
        'muster audit --rebuild',
        'after the ledger was restored from a backup',
      ]) +
        '\n\nExit code 1 where anything disagrees, after a rebuild where anything still does, or where a place could not be seen.',
    )
    .action(async ({ location: locations, rebuild: isRebuild = false, yes = false }: Options) => {
      if (isRebuild && !yes) mustBeTerminal();
      await withMuster(async (muster) => {
        const found = await muster.auditAll(locations);
        const rebuilt = isRebuild ? await rebuildFrom(found, yes, muster) : [];
        // What was restored is seen where it now belongs, and by its owner.
        const isOther = rebuilt.some(({ outcome }) => outcome === 'restored');
        const audit = isOther ? await muster.auditAll(locations) : found;
        const clean = disagreements(audit) === 0 && audit.unreachable.length === 0;
        show({ clean, ...audit, ...(isRebuild ? { rebuilt } : {}) }, auditText(audit));
        if (!clean) process.exitCode = EXIT.failed;
      });
    });

function mustBeTerminal(): void {
  if (process.stdin.isTTY && process.stderr.isTTY) return;
  throw new UsageError(
    '--rebuild asks before each, and this is no terminal',
    'Nothing was done. With --yes it restores all that can be restored, unasked.',
    'muster audit',
  );
}

/** What the ledger has lost: strays wear their key as their name, and rows that were set back are named by their look. */
const lostOf = (audit: Audit): Lost[] => [
  ...strayReport(audit).strays.map(({ clusterId, name: key }) => ({ clusterId, key })),
  ...audit.regions
    .flatMap(({ findings }) => findings)
    .flatMap((finding) =>
      finding.kind === 'unowned' &&
      finding.remedy === 'rebuild' &&
      finding.state === 'open' &&
      finding.clusterId !== null
        ? [{ clusterId: finding.clusterId, key: finding.key }]
        : [],
    ),
];

/**
 * Asks at the terminal; told to take a yes for granted, it only tells. The conversation goes to standard error: standard
 * output is for one document, text or JSON.
 */
async function rebuildFrom(audit: Audit, yes: boolean, muster: Muster): Promise<Rebuilt[]> {
  const lost = lostOf(audit);
  const say = (text: string): void => {
    console.error(text);
  };
  if (lost.length === 0) {
    say('There is nothing to put back.');
    return [];
  }
  if (yes) return rebuild(muster, lost, { say, ask: () => Promise.resolve('yes') });
  const questions = confirmAt({ input: process.stdin, output: process.stderr });
  try {
    return await rebuild(muster, lost, { say, ask: (question) => questions.ask(question) });
  } finally {
    questions.close();
  }
}
