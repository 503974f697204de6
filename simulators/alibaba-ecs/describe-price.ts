import { z } from 'zod';
import type { Operation } from './context.ts';
import { Refusal } from '../core/refusal.ts';
import { instanceTypeOf } from './instance-types.ts';
import { regionOf } from './regions.ts';
import { integer, parseParameters } from './validation.ts';

const CURRENCY = 'CNY';

/** At the service, disks and bandwidth have prices too. Here only the instance type has one. */
const DescribePriceInput = z.object({
  ResourceType: z.enum(['instance'], { error: 'InvalidResourceType.ValueNotSupported' }).default('instance'),
  InstanceType: z.string(),
  PriceUnit: z.enum(['Hour'], { error: 'InvalidPriceUnit.ValueNotSupported' }).default('Hour'),
  Period: integer('InvalidPeriod.ValueNotSupported', { min: 1, max: 1 }).default(1),
  Amount: integer('InvalidParameter', { min: 1, max: 1000 }).default(1),
});

/** The price of instances for an hour, in the account's currency with a fraction. */
export const describePrice: Operation = (_setting, _moment, parameters) => {
  regionOf(parameters);
  const { InstanceType: name, Amount: amount } = parseParameters(DescribePriceInput, parameters);
  const type = instanceTypeOf(name);
  if (type === undefined) {
    throw new Refusal('InvalidInstanceType.ValueNotSupported', 'The specified InstanceType is not supported.');
  }
  const price = Number((type.hourlyYuan * amount).toFixed(3));
  const prices = { OriginalPrice: price, DiscountPrice: 0, TradePrice: price };
  return {
    PriceInfo: {
      Price: { Currency: CURRENCY, ...prices, DetailInfos: { DetailInfo: [{ Resource: 'instanceType', ...prices }] } },
      Rules: { Rule: [] },
    },
  };
};
