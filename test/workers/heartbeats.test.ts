import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import { Heartbeats } from '../../workers/heartbeats.ts';

/** How often a step beats, in the SDK's own surroundings of an activity. @param enough beats that end the step; else 100 ms */
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

it('beats while a step runs that must not be silent for long, and no longer', async () => {
  expect(await beatsOf({ heartbeatTimeoutMs: 30 }, 2)).toBeGreaterThan(1);
});

it('does not beat in a short step', async () => {
  expect(await beatsOf({ heartbeatTimeoutMs: 30_000 })).toBe(0);
});

it('does not beat where a step has no heartbeat timeout, which the server tells as 0', async () => {
  expect(await beatsOf({ heartbeatTimeoutMs: 0 })).toBe(0);
  expect(await beatsOf({})).toBe(0);
});
