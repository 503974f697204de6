import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import { Heartbeats } from '../../workers/heartbeats.ts';

/** How often a step of 100 ms beats, in the SDK's own surroundings of an activity. */
async function beatsOf(info: { heartbeatTimeoutMs?: number }): Promise<number> {
  const environment = new MockActivityEnvironment(info, {
    interceptors: [(context) => ({ inbound: new Heartbeats(context) })],
  });
  let beats = 0;
  environment.on('heartbeat', () => (beats += 1));
  await environment.run(() => sleep(100));
  const atItsEnd = beats;
  await sleep(50);
  expect(beats, 'after its end').toBe(atItsEnd);
  return beats;
}

it('beats while a step runs that must not be silent for long, and no longer', async () => {
  expect(await beatsOf({ heartbeatTimeoutMs: 30 })).toBeGreaterThan(1);
});

it('does not beat in a short step', async () => {
  expect(await beatsOf({ heartbeatTimeoutMs: 30_000 })).toBe(0);
});

it('does not beat where a step has no heartbeat timeout, which the server tells as 0', async () => {
  expect(await beatsOf({ heartbeatTimeoutMs: 0 })).toBe(0);
  expect(await beatsOf({})).toBe(0);
});
