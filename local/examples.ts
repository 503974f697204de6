import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { outcomeOf, type RequestOutcome } from '../client/outcome.ts';
import type { Muster } from '../client/muster.ts';
import type { ProvisioningRequestInput } from '../contracts/request.ts';
import { projectRoot } from '../platform/project-root.ts';

/** An example request, and the outcome that it must have. */
interface Example {
  readonly file: string;
  /** Ready at this placement, or failed with this type. */
  readonly expected: { readonly readyAt: number } | { readonly failsWith: string };
}

const EXAMPLES: readonly Example[] = [
  { file: 'ready.yaml', expected: { readyAt: 0 } },
  { file: 'alibaba-ecs.yaml', expected: { readyAt: 0 } },
  { file: 'next-provider.yaml', expected: { readyAt: 1 } },
  { file: 'no-capacity.yaml', expected: { failsWith: 'InsufficientCapacity' } },
];

/** Capacity that the local simulators lack, so that the examples show every outcome. */
export const OUT_OF_CAPACITY = { provider: 'sagemaker', region: 'us-east-1', instanceType: 'ml.p5.48xlarge', nodes: 0 };

/** Limit of the examples' team, micro-dollars: enough for many starts. */
export const EXAMPLE_BUDGET = { team: 'research', limitMicros: 1_000_000_000_000 };

/** An example that was submitted. */
export interface RunningExample extends Example {
  readonly requestId: string;
  readonly startedAtMs: number;
}

/** How an example ended. */
export interface ExampleResult extends RequestOutcome {
  readonly file: string;
  readonly asExpected: boolean;
  readonly elapsedMs: number;
  /** Its page in the Web UI. */
  readonly url: string | null;
}

/**
 * The number of this start. It is part of the examples' ids, because an id names one request for ever. Written as a draft and
 * moved into place: a start that is killed in between must not count from 1 again.
 */
export function nextStart(dataDir: string): number {
  const file = path.join(dataDir, 'starts');
  mkdirSync(dataDir, { recursive: true });
  const start = lastStart(file) + 1;
  writeFileSync(`${file}.new`, String(start));
  renameSync(`${file}.new`, file);
  return start;
}

function lastStart(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** Submits every example, with the number of this start in its id. */
export async function submitExamples(muster: Muster, start: number): Promise<RunningExample[]> {
  return Promise.all(
    EXAMPLES.map(async (each) => {
      const text = readFileSync(path.join(projectRoot(), 'examples', each.file), 'utf8');
      const request = parse(text) as ProvisioningRequestInput;
      const requestId = `${request.requestId}-${start}`;
      const startedAtMs = Date.now();
      await muster.submit({ ...request, requestId });
      return { ...each, requestId, startedAtMs };
    }),
  );
}

/** Waits until an example ends, and compares its outcome with the expected one. */
export async function resultOf(muster: Muster, example: RunningExample): Promise<ExampleResult> {
  const { file, expected, requestId, startedAtMs } = example;
  const end = await outcomeOf(muster, requestId);
  const { url, closedAtMs } = await muster.status(requestId);
  return {
    file,
    ...end,
    asExpected:
      'readyAt' in expected
        ? end.cluster?.placementIndex === expected.readyAt
        : end.failure?.type === expected.failsWith,
    elapsedMs: (closedAtMs ?? Date.now()) - startedAtMs,
    url,
  };
}
