import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import { cacheFolder, readConfig } from '../../../platform/config.ts';
import { defaultDataFolder } from '../../../platform/stack-note.ts';
import { examine } from '../../doctor/doctor.ts';
import { connect } from '../connect.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit.ts';
import { examples, GROUPS } from '../help.ts';
import { checksText } from '../print/checks.ts';
import { commandTarget } from '../target.ts';

export const doctorCommand = ({ show }: CommandContext): Command =>
  new Command('doctor')
    .description('examine everything that Muster needs, and say how to mend what is ill; changes nothing')
    .helpGroup(GROUPS.setup)
    .option('--region <region...>', 'look at the providers in these regions')
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
      const checks = await examine({ nodeVersion: process.versions.node, folders, target, regions: region }, () =>
        connect(target),
      );
      const failed = checks.filter(({ state }) => state === 'failed').length;
      const end =
        failed === 0 ? pc.green('All is well.') : pc.red(`${failed} thing${failed === 1 ? ' is' : 's are'} ill.`);
      show({ ok: failed === 0, checks }, `${checksText(checks)}\n\n${end}`);
      if (failed > 0) process.exitCode = EXIT.failed;
    });

/** The nearest folder that exists: one not yet made will be made on its disk. */
const existing = (folder: string): string => (existsSync(folder) ? folder : existing(path.dirname(folder)));
