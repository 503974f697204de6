import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { endOf, type RequestEnd } from '../client/end.ts';
import type { Muster } from '../client/muster.ts';
import { requestWorkflowId } from '../contracts/ids.ts';
import type { ProvisioningRequestInput } from '../contracts/request.ts';
import { projectRoot } from '../platform/project-root.ts';

/** An example with what the local simulators make of it. */
interface Example {
  readonly file: string;
  /** `ready` at this placement, or the type it fails with. */
  readonly expected: { readonly readyAt: number } | { readonly failsWith: string };
}

const EXAMPLES: readonly Example[] = [
  { file: 'ready.yaml', expected: { readyAt: 0 } },
  { file: 'second-placement.yaml', expected: { readyAt: 1 } },
  { file: 'no-capacity.yaml', expected: { failsWith: 'InsufficientCapacity' } },
];

/** What the local simulators are out of, so that the examples show every ending. */
export const OUT_OF_CAPACITY = { region: 'us-east-1', instanceType: 'ml.p5.48xlarge', nodes: 0 };

/** Limit of the examples' teams, micro-dollars: enough for many starts. */
export const EXAMPLE_BUDGET = { team: 'research', limitMicros: 1_000_000_000_000 };

/** How an example ended. */
export interface ExampleResult extends RequestEnd {
  readonly file: string;
  readonly workflowId: string;
  readonly asExpected: boolean;
  readonly elapsedMs: number;
}

/** The number of this start: part of the examples' ids, because an id stands for one request for ever. */
export function nextStart(dataDir: string): number {
  const file = path.join(dataDir, 'starts');
  let last = 0;
  try {
    last = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    mkdirSync(dataDir, { recursive: true });
  }
  writeFileSync(file, String(last + 1));
  return last + 1;
}

/** Submits every example and waits for all; each has its end told as it comes. */
export async function runExamples(
  muster: Muster,
  start: number,
  onEnd: (result: ExampleResult) => void,
): Promise<ExampleResult[]> {
  return Promise.all(
    EXAMPLES.map(async ({ file, expected }) => {
      const text = readFileSync(path.join(projectRoot(), 'examples', file), 'utf8');
      const example = parse(text) as ProvisioningRequestInput;
      const requestId = `${example.requestId}-${start}`;
      const beganAtMs = Date.now();
      await muster.submit({ ...example, requestId });
      const ended = await endOf(muster, requestId);
      const result = {
        file,
        workflowId: requestWorkflowId(requestId),
        ...ended,
        asExpected:
          'readyAt' in expected
            ? ended.cluster?.placementIndex === expected.readyAt
            : ended.failure?.type === expected.failsWith,
        elapsedMs: Date.now() - beganAtMs,
      };
      onEnd(result);
      return result;
    }),
  );
}
