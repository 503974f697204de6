import { expect, it } from 'vitest';
import { createShutdown } from '../../../local/processes/shutdown.ts';

it('runs all steps, the last one first, even if one throws', async () => {
  const ended: string[] = [];
  const shutdown = createShutdown();
  shutdown.add(() => void ended.push('first'));
  shutdown.add(() => Promise.reject(new Error('will not end')));
  shutdown.add(() => void ended.push('last'));
  await expect(shutdown.run()).rejects.toThrow('will not end');
  expect(ended).toEqual(['last', 'first']);
});

it('lets a second call wait for the first', async () => {
  let finish: () => void = () => undefined;
  const shutdown = createShutdown();
  shutdown.add(() => new Promise<void>((resolve) => (finish = resolve)));
  const order: string[] = [];
  const calls = [shutdown.run(), shutdown.run()].map((call, index) => call.then(() => order.push(`call ${index}`)));
  order.push('ended');
  finish();
  await Promise.all(calls);
  expect(order).toEqual(['ended', 'call 0', 'call 1']);
});
