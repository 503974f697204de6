import { expect, it } from 'vitest';
import { inReverse } from '../../../local/processes/stops.ts';

it('ends all, the last first, whatever one throws', async () => {
  const ended: string[] = [];
  const stops = inReverse();
  stops.add(() => void ended.push('first'));
  stops.add(() => Promise.reject(new Error('will not end')));
  stops.add(() => void ended.push('last'));
  await expect(stops.run()).rejects.toThrow('will not end');
  expect(ended).toEqual(['last', 'first']);
});

it('lets a second call wait for the first', async () => {
  let finish: () => void = () => undefined;
  const stops = inReverse();
  stops.add(() => new Promise<void>((resolve) => (finish = resolve)));
  const order: string[] = [];
  const calls = [stops.run(), stops.run()].map((call, index) => call.then(() => order.push(`call ${index}`)));
  order.push('ended');
  finish();
  await Promise.all(calls);
  expect(order).toEqual(['ended', 'call 0', 'call 1']);
});
