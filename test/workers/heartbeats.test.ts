import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import { Heartbeats } from '../../workers/heartbeats.ts';

/** Counts the heartbeats of a step in the SDK's mock environment. @param enough ends the step after this many; else after 100 ms */
async function beatsOf(info: { heartbeatTimeoutMs?: number }, enough?: number): Promise<number> {
  const environment = new MockActivityEnvironment(info, {
    interceptors: [(context) => ({ inbound: new Heartbeats(context) })],
  });
  let beats = 0;
  const beaten = new Promise<void>((resolve) => {
    environment.on('heartbeat', () => {
      beats += 1;
      if (beats === enough) resolve();
    });
  });
  await environment.run(() => (enough === undefined ? sleep(100) : beaten));
  const atItsEnd = beats;
  await sleep(50);
  expect(beats, 'after its end').toBe(atItsEnd);
  return beats;
}

it('sends heartbeats while a step with a heartbeat timeout runs, and none after it', async () => {
  expect(await beatsOf({ heartbeatTimeoutMs: 30 }, 2)).toBeGreaterThan(1);
});

it('sends none in a short step', async () => {
  expect(await beatsOf({ heartbeatTimeoutMs: 30_000 })).toBe(0);
});

it('sends none in a step without a heartbeat timeout, which the server sends as 0', async () => {
  expect(await beatsOf({ heartbeatTimeoutMs: 0 })).toBe(0);
  expect(await beatsOf({})).toBe(0);
});
