import { table } from '../../client/terminal/table.ts';
import { allCalls, type Counts } from './counters.ts';
import type { Consumption } from './meter.ts';
import type { Options } from './options.ts';
import type { Part } from './stack.ts';

/** How often a request would poll without monitors, ms: the vendors' own tools poll every 15 s to a minute. */
const POLL_MS = 30_000;

/** One part of the run. */
export interface Measurement {
  readonly seconds: number;
  readonly used: Readonly<Record<Part, Consumption>>;
  readonly counts: Counts;
}

/** All measurements of a run. */
export interface Result {
  readonly options: Options;
  readonly machine: { readonly cores: number; readonly memoryBytes: number; readonly node: string };
  readonly idle: Measurement;
  /** From the first submission until all requests wait. */
  readonly filling: Measurement;
  readonly waiting: Measurement & { readonly intervalSeconds: number };
  /** From the moment when all clusters are ready until all requests are. */
  readonly ending: Measurement;
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
const percent = (cores: number): string => `${(cores * 100).toFixed(cores < 0.1 ? 1 : 0)} %`;
const rate = (count: number, seconds: number): string => (count / seconds).toFixed(2);

/** The result as text. */
export function reportOf({ options, machine, idle, filling, waiting, ending }: Result): string {
  const { requests, speed } = options;
  const parts = Object.keys(idle.used) as Part[];
  const usage = table(
    ['', 'idle', `${requests} waiting`, 'peak of the run', 'CPU idle', 'CPU waiting', 'CPU while all become ready'],
    parts.map((part) => [
      part,
      `${mebibytes(idle.used[part].bytes)} MiB`,
      `${mebibytes(waiting.used[part].bytes)} MiB`,
      `${mebibytes(Math.max(...[idle, filling, waiting, ending].map(({ used }) => used[part].peakBytes)))} MiB`,
      ...[idle, waiting, ending].map(({ used }) => percent(used[part].cores)),
    ]),
  );
  const { counts, seconds } = waiting;
  const facts: [string, string][] = [
    ['from the first submit until all wait', `${filling.seconds.toFixed(0)} s`],
    ['measured while all wait', `${seconds.toFixed(0)} s`],
    ['provider calls a second, measured', rate(allCalls(counts), seconds)],
    [
      'the same where each request polls, computed',
      `${rate(requests * speed, POLL_MS / 1_000)} (one call each ${POLL_MS / 1_000} s a request)`,
    ],
    ['pause between two sweeps', `${waiting.intervalSeconds.toFixed(1)} s`],
    [
      'a sweep, mean',
      `${rate(counts.sweepSeconds, counts.sweeps)} s, ${counts.sweeps} of them, ${counts.failedSweeps} failed`,
    ],
    ['billable actions a minute, of all together', rate(counts.actions * 60, seconds)],
    ['from all clusters ready until the last request is', `${ending.seconds.toFixed(0)} s`],
    ['provider calls a request meanwhile', rate(allCalls(ending.counts), requests)],
    ['hints a request', rate(ending.counts.hintsSent, requests)],
  ];
  const head = `${machine.cores} cores, ${mebibytes(machine.memoryBytes)} MiB, Node ${machine.node}, speed ${speed}`;
  const widest = Math.max(...facts.map(([what]) => what.length));
  return [head, usage, ...facts.map(([what, value]) => `${what.padEnd(widest)}  ${value}`)].join('\n');
}
