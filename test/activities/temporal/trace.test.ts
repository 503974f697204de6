import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { expect, it } from 'vitest';
import { stepsOf, traceOf, type CompletedStep } from '../../../activities/temporal/trace.ts';
import { projectRoot } from '../../../platform/project-root.ts';
import { aPlannedPlacement } from '../../builders/planned-placement.ts';

const CONVERTER = {
  payloadConverter: defaultPayloadConverter,
  failureConverter: defaultFailureConverter,
  payloadCodecs: [],
};

/** The steps of a run that is recorded for the replay tests. */
async function recordedSteps(name: string): Promise<CompletedStep[]> {
  const file = path.join(projectRoot(), 'test', 'replay', 'histories', '0.1', `${name}.json`);
  return stepsOf(historyFromJSON(JSON.parse(readFileSync(file, 'utf8'))), CONVERTER);
}

interface AnswerWithCreation {
  readonly outcome: string;
  readonly creation: { readonly key: string; readonly clusterId: string | null };
}
const answerOf = (steps: readonly CompletedStep[], name: string): AnswerWithCreation =>
  (steps.find((step) => step.name === name)?.result as AnswerWithCreation | undefined) ?? expect.fail(name);

it('a ready run contains its leased creation and the call that opened it', async () => {
  const steps = await recordedSteps('ready');
  const { key, clusterId } = answerOf(steps, 'lease').creation;
  const trace = traceOf(steps, key, clusterId ?? '');
  expect(trace).toMatchObject({ key, clusterId, creation: { key, state: 'leased', clusterId, number: 1 } });
  const opening = steps.find(({ name }) => name === 'openCreation')?.input as { bodyHash: string; placement: object };
  expect(trace?.bodyHash).toBe(opening.bodyHash);
  expect(trace?.placement).toEqual(opening.placement);
});

it('a run with two placements contains each creation separately', async () => {
  const steps = await recordedSteps('second-placement');
  const opened = steps
    .filter(({ name }) => name === 'openCreation')
    .map(({ result }) => (result as AnswerWithCreation).creation.key);
  expect(opened).toHaveLength(2);
  const traces = opened.map((key) => traceOf(steps, key, 'c-1'));
  expect(traces.map((trace) => trace?.creation.number)).toEqual([1, 2]);
  expect(traces.map((trace) => trace?.placement.placementIndex)).toEqual([0, 1]);
  expect(['refused', 'absent']).toContain(traces[0]?.creation.state);
});

it('a run contains nothing about an unknown key', async () => {
  expect(traceOf(await recordedSteps('ready'), 'mu-aaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaa', 'c-1')).toBeNull();
});

it('a run that adopted a creation yields the call from its plan, with the expiry of the opening', async () => {
  const steps = await recordedSteps('ready');
  const opening = answerOf(steps, 'openCreation');
  const placement = aPlannedPlacement({ call: { until: '{{expiry}}' } });
  const adopted = steps.map((step): CompletedStep => {
    if (step.name === 'plan') return { ...step, result: { ...(step.result as object), placements: [placement] } };
    if (step.name === 'openCreation') return { ...step, result: { ...opening, outcome: 'existing' } };
    return step;
  });
  const trace = traceOf(adopted, opening.creation.key, 'c-1');
  const { openedAtMs } = trace?.creation ?? expect.fail('no trace');
  const { readyTimeoutMs, leaseMs, deleteReserveMs } = placement;
  const endMs = openedAtMs + readyTimeoutMs + leaseMs + deleteReserveMs + 3_600_000;
  expect(trace?.placement.call).toEqual({ until: `${new Date(endMs).toISOString().slice(0, 19)}Z` });
});

it('values are decoded by the client’s codecs, the last one first', async () => {
  const history = historyFromJSON({
    events: [
      { eventId: '1', activityTaskScheduledEventAttributes: { activityType: { name: 'plan' } } },
      {
        eventId: '2',
        activityTaskCompletedEventAttributes: {
          scheduledEventId: '1',
          result: { payloads: [{ metadata: { encoding: b64('json/plain') }, data: b64('xy"plain"') }] },
        },
      },
    ],
  });
  const dropping = (prefix: string) => ({
    encode: () => Promise.reject(new Error('nothing is encoded here')),
    decode: (payloads: { data?: Uint8Array | null }[]) =>
      Promise.resolve(
        payloads.map((payload) => {
          const text = Buffer.from(payload.data ?? []).toString();
          expect(text.startsWith(prefix)).toBe(true);
          return { ...payload, data: Buffer.from(text.slice(prefix.length)) };
        }),
      ),
  });
  const steps = await stepsOf(history, { ...CONVERTER, payloadCodecs: [dropping('y'), dropping('x')] });
  expect(steps).toEqual([{ name: 'plan', input: undefined, result: 'plain' }]);
});

const b64 = (text: string): string => Buffer.from(text).toString('base64');
