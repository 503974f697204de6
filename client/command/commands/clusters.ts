import { Command, Option } from 'commander';
import { PROVIDER_NAMES } from '../../../contracts/providers/registry.ts';
import type { ClusterFilter } from '../../muster.ts';
import type { CommandContext } from '../context.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { clustersText } from '../print/clusters.ts';

export const clustersCommand = ({ print, withMuster }: CommandContext): Command =>
  new Command('clusters')
    .description('list the live clusters: their state, their end and their cost')
    .helpGroup(HELP_GROUPS.clusters)
    .option('--team <team>', 'only clusters of this team')
    .addOption(new Option('--provider <provider>', 'only clusters at this provider').choices(PROVIDER_NAMES))
    .addHelpText(
      'after',
      examples('muster clusters', 'muster clusters --team research', 'muster --json clusters') +
        '\n\nThese are the leased clusters of the ledger, and those being released. A cluster costs money until it is gone.',
    )
    .action(async (filter: ClusterFilter) => {
      const list = await withMuster((muster) => muster.clusters(filter));
      print(list, clustersText(list));
    });
