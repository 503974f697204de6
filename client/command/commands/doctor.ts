import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import { cacheFolder, readConfig } from '../../../platform/config.ts';
import { defaultDataFolder } from '../../../platform/stack-note.ts';
import { runChecks } from '../../doctor/doctor.ts';
import { connect } from '../connect.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { checksText } from '../print/checks.ts';
import { commandTarget } from '../target.ts';

export const doctorCommand = ({ print }: CommandContext): Command =>
  new Command('doctor')
    .description('check everything that Muster needs, and show how to fix what fails; changes nothing')
    .helpGroup(HELP_GROUPS.setup)
    .option('--region <region...>', 'check the providers in these regions')
    .addHelpText(
      'after',
      examples('muster doctor', 'muster doctor --region us-west-2 eu-west-1', 'muster --json doctor'),
    )
    .action(async ({ region = [] }: { region?: string[] }) => {
      const target = commandTarget();
      const folders = [
        { folder: existing(defaultDataFolder()), purpose: 'data' },
        { folder: existing(cacheFolder(readConfig())), purpose: 'cache' },
      ];
      const checks = await runChecks({ nodeVersion: process.versions.node, folders, target, regions: region }, () =>
        connect(target),
      );
      const failed = checks.filter(({ state }) => state === 'failed').length;
      const summary =
        failed === 0 ? pc.green('All checks passed.') : pc.red(`${failed} check${failed === 1 ? '' : 's'} failed.`);
      print({ ok: failed === 0, checks }, `${checksText(checks)}\n\n${summary}`);
      if (failed > 0) process.exitCode = EXIT.failed;
    });

/** The folder, or its nearest parent that exists: a new folder will be on the same disk. */
const existing = (folder: string): string => (existsSync(folder) ? folder : existing(path.dirname(folder)));
