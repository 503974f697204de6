/** What the local servers say while they run: a constant sentence plus fields. A pino or SDK logger adapts in a line. */
export interface LocalLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** For callers (tests, mostly) that do not care. */
export const silentLog: LocalLog = { info: () => undefined, warn: () => undefined };
