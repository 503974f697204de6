import { Command, Option } from 'commander';
import { definitionOf, PROVIDER_NAMES } from '../../../contracts/providers/registry.ts';
import type { CommandContext } from '../context.ts';
import { examples, HELP_GROUPS } from '../help.ts';
import { pricesText } from '../print/prices.ts';
import { UsageError } from '../usage.ts';

interface Options {
  readonly provider?: string;
  readonly region?: string;
  readonly type?: string;
}

export const pricesCommand = ({ print }: CommandContext): Command =>
  new Command('prices')
    .description('list the prices that requests are planned with, and their sources; needs no server')
    .helpGroup(HELP_GROUPS.money)
    .addOption(new Option('--provider <provider>', 'only prices at this provider').choices(PROVIDER_NAMES))
    .option('--region <region>', 'only prices in this region')
    .option('--type <text>', 'only instance types whose name contains this')
    .addHelpText('after', examples('muster prices --region us-west-2 --type p5', 'muster --json prices'))
    .action(({ provider, region, type }: Options) => {
      const prices = PROVIDER_NAMES.flatMap((name) => definitionOf(name).prices).filter(
        (price) =>
          (provider === undefined || price.provider === provider) &&
          (region === undefined || price.region === region) &&
          (type === undefined || price.instanceType.includes(type)),
      );
      if (prices.length === 0) {
        throw new UsageError(
          'the catalogue has no such price',
          'For anything without a price, state hourlyPriceMicros in the placement.',
          'muster prices',
        );
      }
      print(prices, pricesText(prices));
    });
