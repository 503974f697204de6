import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** One call as the simulator saw it. Written when its answer is settled, or when it begins to hang for good. */
export const CallRecord = z.object({
  /** Simulated milliseconds since the epoch, comparable with births. */
  receivedAtMs: z.number(),
  operation: z.string(),
  region: z.string().nullable(),
  authOk: z.boolean(),
  /** The parsed body, or null when it was not JSON or was not read. */
  body: z.unknown(),
  requestId: z.string(),
  /** The SDK's id of the logical call, the same across its own retries; null for clients that send none. */
  invocationId: z.string().nullable(),
  /** The SDK's attempt number within that logical call. */
  attempt: z.number().nullable(),
  /** The kind of the scripted fault that met this call. */
  fault: z.string().nullable(),
  /** What the operation itself came to, each time it was carried out: `ok` or an error type. Empty: not carried out. */
  effects: z.array(z.string()),
  /** The status sent, or null when the caller got no answer. */
  replyStatus: z.number().nullable(),
  /** The error type sent. */
  errorType: z.string().nullable(),
});
export type CallRecord = z.infer<typeof CallRecord>;

/** Every call since the last clear; a line of JSON each on disk, appended and never rewritten. */
export class Journal {
  readonly #file: string | undefined;
  #calls: CallRecord[];

  constructor(file: string | undefined) {
    this.#file = file;
    if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
    this.#calls = file === undefined ? [] : readJournal(file);
  }

  get calls(): readonly CallRecord[] {
    return this.#calls;
  }

  append(call: CallRecord): void {
    this.#calls.push(call);
    // Synchronous on purpose: once the caller has its answer, the line has left this process.
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(call)}\n`);
  }

  clear(): void {
    this.#calls = [];
    if (this.#file !== undefined) writeFileSync(this.#file, '');
  }
}

/** Reads the journal of an earlier process; a last line torn by a kill is cut off, so that the next one starts clean. */
function readJournal(file: string): CallRecord[] {
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const wholeBytes = bytes.lastIndexOf('\n') + 1;
  if (wholeBytes < bytes.length) truncateSync(file, wholeBytes);
  const lines = bytes.subarray(0, wholeBytes).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => {
    try {
      return CallRecord.parse(JSON.parse(line));
    } catch (error) {
      throw new Error(`The simulator's journal cannot be read: ${file}, line ${index + 1}`, { cause: error });
    }
  });
}
