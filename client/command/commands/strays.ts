import { Command } from 'commander';
import type { Location } from '../../../contracts/health.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { locationOption } from '../options.ts';
import { strayText } from '../print/strays.ts';

export const straysCommand = ({ print, withMuster }: CommandContext): Command =>
  new Command('strays')
    .description('find clusters that look like ours but that the ledger does not know; changes nothing')
    .helpGroup(HELP_GROUPS.clusters)
    .addOption(locationOption())
    .addHelpText(
      'after',
      examples(
        'muster strays',
        'muster strays --location sagemaker/us-west-2 sagemaker/us-east-1',
        'muster --json strays',
      ) + '\n\nExit code 1 when there is one, or when a location could not be searched.',
    )
    .action(async ({ location: locations }: { location?: readonly Location[] }) => {
      const report = await withMuster((muster) => muster.strays(locations));
      print(report, strayText(report));
      const isClean = report.strays.length === 0 && report.unreachable.length === 0 && report.searched.length > 0;
      if (!isClean) process.exitCode = EXIT.failed;
    });
