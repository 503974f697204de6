import { Command } from 'commander';
import type { Audit } from '../../../contracts/findings.ts';
import type { Location } from '../../../contracts/health.ts';
import { disagreements, strayReport } from '../../audits.ts';
import type { Muster } from '../../muster.ts';
import { createPrompt } from '../confirm.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { locationOption } from '../options.ts';
import { auditText } from '../print/audit.ts';
import { rebuild, type LostCluster, type RebuildResult } from '../rebuild.ts';
import { UsageError } from '../usage.ts';

interface Options {
  readonly location?: readonly Location[];
  readonly rebuild?: boolean;
  readonly yes?: boolean;
}

export const auditCommand = ({ print, withMuster }: CommandContext): Command =>
  new Command('audit')
    .description('compare the ledger with itself, with Temporal and with every provider')
    .helpGroup(HELP_GROUPS.clusters)
    .addOption(locationOption())
    .option('--rebuild', 'restore what the ledger has lost from what Temporal knows; asks before each')
    .option('--yes', 'with --rebuild: restore without asking')
    .addHelpText(
      'after',
      examples(['muster audit', 'changes nothing'], 'muster audit --location sagemaker/us-west-2', [
        'muster audit --rebuild',
        'after the ledger was restored from a backup',
      ]) +
        '\n\nExit code 1 when anything disagrees (after a rebuild: still disagrees), or a location could not be audited.',
    )
    .action(async ({ location: locations, rebuild: isRebuild = false, yes = false }: Options) => {
      if (isRebuild && !yes) requireTerminal();
      await withMuster(async (muster) => {
        const before = await muster.auditAll(locations);
        const rebuilt = isRebuild ? await rebuildFrom(before, yes, muster) : [];
        // Restored rows have changed what disagrees.
        const isChanged = rebuilt.some(({ outcome }) => outcome === 'restored');
        const audit = isChanged ? await muster.auditAll(locations) : before;
        const clean = disagreements(audit) === 0 && audit.unreachable.length === 0;
        print({ clean, ...audit, ...(isRebuild ? { rebuilt } : {}) }, auditText(audit));
        if (!clean) process.exitCode = EXIT.failed;
      });
    });

function requireTerminal(): void {
  if (process.stdin.isTTY && process.stderr.isTTY) return;
  throw new UsageError(
    '--rebuild asks before each, and this is not a terminal',
    'Nothing was changed. With --yes it restores all that it can without asking.',
    'muster audit',
  );
}

/** What the ledger has lost: strays, whose name is their key, and rows that a restore took back to before their lease. */
const lostOf = (audit: Audit): LostCluster[] => [
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
 * Asks at the terminal, or with `yes` restores without asking. Messages go to standard error: standard output is one
 * document, text or JSON.
 */
async function rebuildFrom(audit: Audit, yes: boolean, muster: Muster): Promise<RebuildResult[]> {
  const lost = lostOf(audit);
  const print = (text: string): void => {
    console.error(text);
  };
  if (lost.length === 0) {
    print('There is nothing to restore.');
    return [];
  }
  if (yes) return rebuild(muster, lost, { print, confirm: () => Promise.resolve('yes') });
  const prompt = createPrompt({ input: process.stdin, output: process.stderr });
  try {
    return await rebuild(muster, lost, { print, confirm: (question) => prompt.confirm(question) });
  } finally {
    prompt.close();
  }
}
