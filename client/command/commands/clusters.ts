import { Command, Option } from 'commander';
import { PROVIDER_NAMES } from '../../../contracts/providers/registry.ts';
import type { ClusterFilter } from '../../muster.ts';
import type { CommandContext } from '../context.ts';
import { examples, GROUPS } from '../help.ts';
import { clustersText } from '../print/clusters.ts';

export const clustersCommand = ({ show, withMuster }: CommandContext): Command =>
  new Command('clusters')
    .description('list the clusters that live, what they are, when they end and what they cost')
    .helpGroup(GROUPS.clusters)
    .option('--team <team>', 'of this team')
    .addOption(new Option('--provider <provider>', 'at this provider').choices(PROVIDER_NAMES))
    .addHelpText(
      'after',
      examples('muster clusters', 'muster clusters --team research', 'muster --json clusters') +
        '\n\nBy the ledger: clusters that are leased, or being released. A cluster costs until it is gone.',
    )
    .action(async (filter: ClusterFilter) => {
      const list = await withMuster((muster) => muster.clusters(filter));
      show(list, clustersText(list));
    });
