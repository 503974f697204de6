import { Command, Option } from 'commander';
import type { Location } from '../../../contracts/health.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit.ts';
import { examples, GROUPS } from '../help.ts';
import { location } from '../options.ts';
import { strayText } from '../print/strays.ts';

export const straysCommand = ({ show, withMuster }: CommandContext): Command =>
  new Command('strays')
    .description('look for clusters that seem to be ours but that the ledger does not know; touches nothing')
    .helpGroup(GROUPS.clusters)
    .addOption(placeOption())
    .addHelpText(
      'after',
      examples(
        'muster strays',
        'muster strays --location sagemaker/us-west-2 sagemaker/us-east-1',
        'muster --json strays',
      ) + '\n\nExit code 1 where there is one, or where a place could not be seen.',
    )
    .action(async ({ location: locations }: { location?: readonly Location[] }) => {
      const report = await withMuster((muster) => muster.strays(locations));
      show(report, strayText(report));
      const isWell = report.strays.length === 0 && report.unreachable.length === 0 && report.searched.length > 0;
      if (!isWell) process.exitCode = EXIT.failed;
    });

/** Where to look. */
export function placeOption(): Option {
  return new Option(
    '--location <provider/region...>',
    "look there; without it wherever the ledger has been, and in each provider's usual region",
  ).argParser(location);
}
