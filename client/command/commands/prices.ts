import { Command, Option } from 'commander';
import { definitionOf, PROVIDER_NAMES } from '../../../contracts/providers/registry.ts';
import type { CommandContext } from '../context.ts';
import { examples, GROUPS } from '../help.ts';
import { pricesText } from '../print/prices.ts';
import { UsageError } from '../usage.ts';

interface Options {
  readonly provider?: string;
  readonly region?: string;
  readonly type?: string;
}

export const pricesCommand = ({ show }: CommandContext): Command =>
  new Command('prices')
    .description('the prices that requests are planned by, with their sources; needs no server')
    .helpGroup(GROUPS.money)
    .addOption(new Option('--provider <provider>', 'at this provider').choices(PROVIDER_NAMES))
    .option('--region <region>', 'in this region')
    .option('--type <text>', 'of instance types whose name has this in it')
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
          'A request for something that is not in it states hourlyPriceMicros in its placement.',
          'muster prices',
        );
      }
      show(prices, pricesText(prices));
    });
