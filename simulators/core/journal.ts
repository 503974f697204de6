import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** One call as the simulator saw it. It is written when the answer is decided, before it is sent. */
export const CallRecord = z.object({
  /** Simulated milliseconds since the epoch, comparable with the times of clusters. */
  receivedAtMs: z.number(),
  operation: z.string(),
  region: z.string().nullable(),
  authOk: z.boolean(),
  /** The parsed body or parameters; null for a body that is not JSON. */
  body: z.unknown(),
  requestId: z.string(),
  /** The SDK's id of the logical call, which its own retries share; null for clients that send none. */
  invocationId: z.string().nullable(),
  /** The SDK's number of the attempt, from 1; null for clients that send none. */
  attempt: z.number().nullable(),
  /** The kind of the scripted fault that met this call. */
  fault: z.string().nullable(),
  /** The result of each time that the operation was carried out: `ok` or an error type. Empty when it was not. */
  effects: z.array(z.string()),
  /** The status sent, or null when the caller got no answer. */
  replyStatus: z.number().nullable(),
  /** The error type sent. */
  errorType: z.string().nullable(),
});
export type CallRecord = z.infer<typeof CallRecord>;

/** Every call since the last clear. On disk each is a line of JSON, which is appended and never rewritten. */
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
    // Synchronous on purpose: the line has left this process before the caller gets its answer.
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(call)}\n`);
  }

  clear(): void {
    this.#calls = [];
    if (this.#file !== undefined) writeFileSync(this.#file, '');
  }
}

/** Reads the journal of an earlier process. Cuts off a last line that a kill left incomplete. */
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
